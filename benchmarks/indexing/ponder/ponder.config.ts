// What is indexed, and from where, stands in chain.json, which the benchmark writes.
import { readFileSync } from "node:fs";
import { createConfig, factory } from "ponder";

const chain = JSON.parse(readFileSync("chain.json", "utf8"));

const contracts = Object.fromEntries(
  Object.entries<any>(chain.contracts).map(([name, { abi, address, born }]) => [
    name,
    {
      abi,
      chain: "termin",
      startBlock: chain.startBlock,
      address: born ? factory({ startBlock: chain.startBlock, ...born }) : address,
    },
  ]),
);

export default createConfig({
  database: { kind: "postgres", connectionString: process.env.DATABASE_URL },
  chains: { termin: { id: chain.id, ...chain.connection } },
  contracts,
} as any);
