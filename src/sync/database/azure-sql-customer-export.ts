import type { ProcedureParameters } from '../../shared/write-database/azure-sql/procedures.ts';
import type { CustomerExport } from './customer-export.ts';
import { toExportedCustomer, toExportedEvents, toExportedOrders } from './exported-rows.ts';

/**
 * The rows of a customer in Azure SQL or SQL Server.
 * @param read runs a stored procedure, and returns its result sets
 */
export function azureSqlCustomerExport(
  read: (procedure: string, parameters: ProcedureParameters) => Promise<readonly unknown[]>,
): CustomerExport {
  return {
    customer: async (customerId) => {
      const [customers, erasureRequests, keys, retiredKeys] = await read('ExportCustomer', { CustomerId: customerId });
      return toExportedCustomer({ customers, erasureRequests, keys, retiredKeys });
    },
    orders: async (customerId, after, limit) => {
      const parameters = { CustomerId: customerId, AfterOrderId: after, MaxOrders: limit };
      const [orders, items] = await read('ExportOrders', parameters);
      return toExportedOrders({ orders, items });
    },
    events: async ({ customerId, after, limit, maxCharacters }) => {
      const [events] = await read('ExportEvents', {
        CustomerId: customerId,
        AfterType: after?.aggregateType ?? '',
        AfterId: after?.aggregateId ?? '',
        AfterVersion: after?.version ?? 0,
        MaxEvents: limit,
        MaxCharacters: maxCharacters,
      });
      return toExportedEvents(events);
    },
  };
}
