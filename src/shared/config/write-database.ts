import * as z from 'zod';
import { azure, inAzure, text } from './environment.ts';

const isServer = (connectionString: string) => !connectionString.startsWith('sqlite:');

/** A file on an instance's disk is lost with the instance, so SQLite is not allowed in Azure. */
export const sql = z
  .object({
    SQL_CONNECTION_STRING: text,
    SQL_REPLICA_CONNECTION_STRING: text.optional(),
    SQL_IDENTITY_CLIENT_ID: text.optional(),
    ...azure,
  })
  .refine(
    ...inAzure(
      'SQL_CONNECTION_STRING',
      isServer,
      'is a file, which would be lost with the instance: set the connection string of Azure SQL',
    ),
  )
  .refine(
    ...inAzure(
      'SQL_REPLICA_CONNECTION_STRING',
      isServer,
      'is a file, which an instance does not share: set the connection string of a replica in Azure SQL',
    ),
  )
  .transform((env) => ({
    connectionString: env.SQL_CONNECTION_STRING,
    /** The readable replica, which answers some reads. Absent: the primary answers all of them. */
    replicaConnectionString: env.SQL_REPLICA_CONNECTION_STRING,
    identityClientId: env.SQL_IDENTITY_CLIENT_ID,
  }));
