// Every event becomes a row, as in Termin's own table; no other tables are kept.
import { readFileSync } from "node:fs";
import { ponder } from "ponder:registry";
import { events } from "ponder:schema";

const chain = JSON.parse(readFileSync("chain.json", "utf8"));
const NO_MILESTONE = 2n ** 256n - 1n;

const plain = (_: string, value: unknown) =>
  typeof value === "bigint" || typeof value === "number" ? String(value) : value;

for (const [contract, { abi }] of Object.entries<any>(chain.contracts)) {
  for (const { name } of abi) {
    (ponder as any).on(`${contract}:${name}`, async ({ event, context }: any) => {
      const { args = {}, block, transaction, log } = event;
      const milestone = args.milestone;
      await context.db.insert(events).values({
        block: Number(block.number),
        logIndex: log.logIndex,
        blockHash: block.hash,
        blockTimestamp: Number(block.timestamp),
        transaction: transaction.hash,
        transactionIndex: transaction.transactionIndex,
        address: log.address,
        contract,
        name,
        arguments: JSON.stringify(args, plain),
        agreement: contract === "Agreement" ? log.address : args.agreement,
        milestone:
          milestone === undefined || milestone === NO_MILESTONE ? null : Number(milestone),
        participant: args.participant,
      });
    });
  }
}
