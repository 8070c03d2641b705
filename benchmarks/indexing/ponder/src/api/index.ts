import { and, eq, graphql } from "ponder";
import { db } from "ponder:api";
import schema, { events } from "ponder:schema";
import { Hono } from "hono";

const app = new Hono();

app.use("/graphql", graphql({ db, schema }));

// What one writes by hand where GraphQL is too slow.
app.get("/events/:block/:log", async (c) => {
  const place = [
    eq(events.block, Number(c.req.param("block"))),
    eq(events.logIndex, Number(c.req.param("log"))),
  ];
  const [found] = await db.select().from(events).where(and(...place)).limit(1);
  return found ? c.json(found) : c.notFound();
});

export default app;
