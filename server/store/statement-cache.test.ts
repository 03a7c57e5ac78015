import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import SQLite from 'better-sqlite3';
import { withStatementCache } from './statement-cache.ts';

describe('a connection that remembers its statements', () => {
  const connection = new SQLite(':memory:');
  const cached = withStatementCache(connection);

  it('prepares a text once', () => {
    assert.equal(cached.prepare('select 1 as one'), cached.prepare('select 1 as one'));
    assert.notEqual(cached.prepare('select 1 as one'), cached.prepare('select 2 as one'));
  });

  it('gives rows as objects again after somebody wanted them as arrays', () => {
    assert.deepEqual(cached.prepare('select 3 as three').raw().all(), [[3]]);
    assert.deepEqual(cached.prepare('select 3 as three').all(), [{ three: 3 }]);
  });

  it('goes on when a column is added to a table that it knows', () => {
    connection.exec('create table things (id integer)');
    cached.prepare('insert into things values (1)').run();
    assert.deepEqual(cached.prepare('select * from things').all(), [{ id: 1 }]);
    connection.exec("alter table things add column name text default 'x'");
    assert.deepEqual(cached.prepare('select * from things').all(), [{ id: 1, name: 'x' }]);
  });

  it('remembers no more than a few hundred', () => {
    const first = cached.prepare('select 0');
    for (let n = 1; n <= 500; n++) cached.prepare(`select ${n}`);
    assert.notEqual(cached.prepare('select 0'), first);
  });
});
