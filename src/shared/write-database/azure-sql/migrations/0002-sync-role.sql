/*
  The sync app's right: the few procedures that it reads the log with, and nothing else. A procedure that it may run says so
  in its own file, so that a new procedure is not for it unless someone wrote that down. A deployment makes the app's user a
  member.
*/
IF DATABASE_PRINCIPAL_ID(N'order_sync') IS NULL
  CREATE ROLE order_sync;
