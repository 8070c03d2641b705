// Stands in for the native Solidity compiler: the official WebAssembly build behind the part of solc's command line that
// Ape (py-solc-x) and forge use. `python toolchain/link_tools.py` installs it as .termin/solcx/solc-v<version>.
"use strict";

const fs = require("fs");
const path = require("path");
const solc = require("solc");

function values(flag, argv) {
  const found = [];
  argv.forEach((argument, index) => {
    if (argument === flag) found.push(argv[index + 1]);
    else if (argument.startsWith(flag + "=")) found.push(argument.slice(flag.length + 1));
  });
  return found;
}

// Ape compiles a copy of the project in a temporary folder, and leaves node_modules out of the copy.
const CHECKOUT = path.resolve(__dirname, "..");

// As solc does: nothing outside the base path, the include paths and the allowed paths is read. The checkout counts as
// an include path.
function importer(argv) {
  const base = path.resolve(values("--base-path", argv)[0] || ".");
  const roots = [base, ...values("--include-path", argv).map((root) => path.resolve(root)), CHECKOUT];
  const allowed = values("--allow-paths", argv).flatMap((list) => list.split(",")).filter(Boolean);
  const readable = [...roots, ...allowed.map((root) => path.resolve(base, root))];
  return (name) => {
    for (const root of roots) {
      const file = path.resolve(root, name);
      const inside = readable.some((folder) => file === folder || file.startsWith(folder + path.sep));
      if (inside && fs.existsSync(file)) return { contents: fs.readFileSync(file, "utf8") };
    }
    return { error: `File not found: ${name}` };
  };
}

function main(argv) {
  if (argv.includes("--version")) {
    // The names of the parts are those of the native compiler's own answer: callers parse them.
    console.log("solc, the solidity compiler commandline interface");
    console.log(`Version: ${solc.version()}`);
    return 0;
  }
  if (argv.includes("--standard-json")) {
    // py-solc-x passes "-" for standard input; forge passes nothing.
    const input = fs.readFileSync(0, "utf8");
    process.stdout.write(solc.compile(input, { import: importer(argv) }) + "\n");
    return 0;
  }
  console.error("solc shim: only --version and --standard-json are supported");
  return 2;
}

process.exitCode = main(process.argv.slice(2));
