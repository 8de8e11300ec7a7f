/*
  The first step of every migration: creates the schema and the record of applied scripts. Idempotent. A migration is applied once
  and never changes; a procedure is applied whenever its hash differs.
*/
IF SCHEMA_ID(N'orders') IS NULL
  EXEC (N'CREATE SCHEMA orders');
GO

IF OBJECT_ID(N'orders.AppliedScripts', N'U') IS NULL
BEGIN
  CREATE TABLE orders.AppliedScripts (
    ScriptName nvarchar(200) NOT NULL,
    ScriptHash char(64) NOT NULL,
    AppliedAt datetime2(3) NOT NULL CONSTRAINT DF_AppliedScripts_AppliedAt DEFAULT SYSUTCDATETIME(),
    CONSTRAINT PK_AppliedScripts PRIMARY KEY (ScriptName)
  );
END;
