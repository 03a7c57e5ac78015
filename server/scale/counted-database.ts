import type { Database } from '../store/database.ts';

/** How often the database was asked. */
export interface DatabaseUse {
  transactions: number;
  /** Reads outside of transactions. */
  reads: number;
}

/** The same database, with every transaction and every read counted. */
export function countDatabase(database: Database): { database: Database; use: DatabaseUse } {
  const use: DatabaseUse = { transactions: 0, reads: 0 };
  const counted: Database = {
    ...database,
    read: new Proxy(database.read, {
      get(target, name, receiver) {
        if (name === 'select' || name === 'selectDistinct') use.reads++;
        return Reflect.get(target, name, receiver);
      },
    }),
    transaction(work) {
      use.transactions++;
      return database.transaction(work);
    },
    statement(build) {
      const run = database.statement(build);
      return (db, values) => {
        if (db !== (counted.read as unknown)) return run(db, values);
        use.reads++;
        return run(database.read as typeof db, values);
      };
    },
  };
  return { database: counted, use };
}
