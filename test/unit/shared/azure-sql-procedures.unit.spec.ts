import { describe, expect, it } from 'vitest';
import { readScripts } from '../../../src/shared/write-database/azure-sql/scripts.ts';
import { changedCalls } from '../../support/releases/changed-calls.ts';
import { keptReleases } from '../../support/releases/kept-releases.ts';
import { procedureIn, readSignatures } from '../../support/releases/procedure-signatures.ts';

const releases = await keptReleases();

const BEFORE = `CREATE OR ALTER PROCEDURE orders.FindOrder
  @OrderId nvarchar(64),
  @MaxItems int = 10
AS
BEGIN
  SELECT OrderId AS orderId, Version AS version FROM orders.Orders WHERE OrderId = @OrderId;
  SELECT TOP (@MaxItems) Line AS line FROM orders.OrderItems WHERE OrderId = @OrderId;
END;`;

/** What a release that calls `BEFORE` finds changed when the text of the procedure has become another. */
function changes(from: string, to: string): readonly string[] {
  expect(BEFORE).toContain(from);
  const { name, signature } = procedureIn(BEFORE);
  const now = procedureIn(BEFORE.replace(from, to));
  return changedCalls({ [name]: signature }, { [now.name]: now.signature });
}

/** The JSON parameters that queries may have: ids, products, stock, and the subscriptions of partners. */
const WITHOUT_PERSONAL_DATA = [
  'CheckDiscontinued @Stock',
  'LoadForCommand @ProductIds',
  'MarkPublished @EventIds',
  'MoveStock @Stock',
  'ReadCustomerKeys @CustomerIds',
  'RecordRefusals @EventIds',
  'SaveOrderItems @Items',
  'SaveProduct @Product',
  'SaveWebhook @Document',
];

describe("today's stored procedures", () => {
  it.each(releases)('accept every call of release $version', async ({ procedures }) => {
    expect(Object.keys(procedures)).toContain('CommitCommand');
    expect(changedCalls(procedures, await readSignatures())).toEqual([]);
  });

  it('keep no personal data and no data key with the plans of their queries', async () => {
    const queried = (await readScripts('procedures')).flatMap(({ batches: [text = ''] }) => {
      const { name, signature } = procedureIn(text);
      const [, body = ''] = text.replace(/\/\*[\s\S]*?\*\//g, '').split('\nBEGIN\n');
      const queries = body.split(';').filter((statement) => !statement.trim().startsWith('DECLARE'));
      return signature.parameters
        .filter((parameter) => parameter.type === 'nvarchar(max)')
        .filter((parameter) => queries.some((query) => new RegExp(`@${parameter.name}\\b`).test(query)))
        .map((parameter) => `${name} @${parameter.name}`);
    });
    expect(queried).toEqual(WITHOUT_PERSONAL_DATA);
  });

  it('have no condition on a column of personal data, for which SQL Server would create statistics with its values', async () => {
    const columns =
      'Email|Phone|ShippingStreet|ShippingCity|ShippingState|ShippingZip|ShippingCountry|Carrier|TrackingNumber';
    const condition = new RegExp(`\\b(WHERE|AND|OR|ON|BY)\\s+(\\w+\\.)?(${columns})\\b`);
    const scripts = await readScripts('procedures');
    expect(scripts.filter(({ batches }) => batches.some((text) => condition.test(text)))).toEqual([]);
  });

  it('read the rows that belong together as of one point in time', async () => {
    const readers = (await readScripts('procedures'))
      .map(({ batches: [text = ''] }) => ({ text, ...procedureIn(text) }))
      .filter(({ signature }) => signature.resultSets.filter((columns) => !columns.includes('beat')).length > 1);
    expect(readers.map(({ name }) => name)).toEqual([
      'ExportCustomer',
      'ExportOrders',
      'LoadForCommand',
      'ReadCustomerKeys',
      'ReadEvents',
    ]);
    for (const { text } of readers)
      expect(text).toMatch(
        /SET TRANSACTION ISOLATION LEVEL SNAPSHOT;[\s\S]*BEGIN TRANSACTION;[\s\S]*COMMIT TRANSACTION;/,
      );
  });
});

describe('a stored procedure of which calls stay valid', () => {
  it.each([
    ['its body changes', 'WHERE OrderId = @OrderId;', 'WHERE OrderId = @OrderId AND Total > 0;'],
    ['it gets a parameter with a default', '@MaxItems int = 10', '@MaxItems int = 10, @Status nvarchar(40) = NULL'],
    ['a parameter gets longer', 'nvarchar(64)', 'nvarchar(4000)'],
    ['a parameter gets the maximum length', 'nvarchar(64)', 'nvarchar(max)'],
    ['a result set gets a column at its end', 'Version AS version', 'Version AS version, Total AS total'],
    ['it gets a result set at its end', 'END;', 'SELECT 1 AS answer; END;'],
  ])('may change so that %s', (_change, from, to) => {
    expect(changes(from, to)).toEqual([]);
  });
});

describe('a stored procedure breaks calls', () => {
  it.each([
    ['its name changes', 'FindOrder', 'GetOrder', 'FindOrder is gone'],
    ['a parameter is renamed', '@MaxItems int', '@Limit int', 'FindOrder: @MaxItems is gone'],
    ['a parameter has another type', '@MaxItems int', '@MaxItems bit', 'FindOrder: @MaxItems is bit, no longer int'],
    [
      'a parameter gets shorter',
      'nvarchar(64)',
      'nvarchar(9)',
      'FindOrder: @OrderId is nvarchar(9), no longer nvarchar(64)',
    ],
    ['a parameter loses its default', ' = 10', '', 'FindOrder: @MaxItems has no default any more'],
    ['it gets a parameter without a default', '(64)', '(64), @A int', 'FindOrder: @A is new and has no default'],
    ['a column is renamed', 'AS version', 'AS v', 'FindOrder: result set 1 no longer starts with orderId, version'],
    [
      'a column comes before the others',
      'OrderId AS orderId',
      'Total AS total, OrderId AS orderId',
      'FindOrder: result set 1 no longer starts with orderId, version',
    ],
    [
      'a result set comes before the others',
      'BEGIN',
      'BEGIN SELECT 1 AS orderId, 2 AS version;',
      'FindOrder: result set 2 no longer starts with line',
    ],
  ])('when %s', (_change, from, to, expected) => {
    expect(changes(from, to)).toContain(expected);
  });
});

describe('the signature of a stored procedure', () => {
  const resultSets = (body: string) =>
    procedureIn(`CREATE OR ALTER PROCEDURE orders.P @A int AS BEGIN ${body} END;`).signature.resultSets;

  it('has the name, type and default of each parameter', () => {
    expect(procedureIn(BEFORE).signature.parameters).toEqual([
      { name: 'OrderId', type: 'nvarchar(64)', optional: false },
      { name: 'MaxItems', type: 'int', optional: true },
    ]);
  });

  it.each([
    ['a common table expression', 'WITH c AS (SELECT A AS a FROM t) SELECT c.a AS b, c.a FROM c;', [['b', 'a']]],
    ['a subquery in a column', 'SELECT (SELECT COUNT(*) AS n FROM t) AS x, COALESCE(A, B) AS y;', [['x', 'y']]],
    ['an IF with an ELSE as one result set', 'IF @A = 1 SELECT A AS a FROM t; ELSE SELECT B AS a FROM t;', [['a']]],
    ['comments and literals', "SELECT /* , x */ N'a;b' AS a, 'it''s' AS b; -- SELECT 1", [['a', 'b']]],
  ])('has the columns of a SELECT with %s', (_what, body, columns) => {
    expect(resultSets(body)).toEqual(columns);
  });

  it.each([
    'SELECT @A = B FROM t;',
    'INSERT INTO t (A) SELECT B AS b FROM u;',
    'DECLARE @B int = (SELECT C AS c FROM t);',
    "IF EXISTS (SELECT 1 FROM t) THROW 50000, N'x', 1;",
    'UPDATE t SET A = 1 OUTPUT inserted.A INTO @T (A);',
  ])('has no result set for: %s', (body) => {
    expect(resultSets(body)).toEqual([]);
  });

  it.each([
    ['a column has no name', 'SELECT COUNT(*) FROM t;', 'has no name'],
    ['an UPDATE returns rows by OUTPUT', 'UPDATE t SET A = 1 OUTPUT inserted.A;', 'OUTPUT without INTO'],
    ['the columns of IF and ELSE differ', 'IF @A = 1 SELECT A AS a; ELSE SELECT B AS b;', 'differ by IF'],
  ])('cannot be read when %s', (_why, body, message) => {
    expect(() => resultSets(body)).toThrow(message);
  });
});
