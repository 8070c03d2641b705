// The same columns, key and indexes as Termin's own table of events.
import { index, onchainTable, primaryKey } from "ponder";

export const events = onchainTable(
  "events",
  (t) => ({
    block: t.integer().notNull(),
    logIndex: t.integer().notNull(),
    blockHash: t.text().notNull(),
    blockTimestamp: t.integer().notNull(),
    transaction: t.text().notNull(),
    transactionIndex: t.integer().notNull(),
    address: t.text().notNull(),
    contract: t.text().notNull(),
    name: t.text().notNull(),
    arguments: t.text().notNull(),
    agreement: t.text(),
    milestone: t.integer(),
    participant: t.text(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.block, table.logIndex] }),
    byAgreement: index().on(table.agreement, table.block, table.logIndex),
    byParticipant: index().on(table.participant, table.block, table.logIndex),
  }),
);
