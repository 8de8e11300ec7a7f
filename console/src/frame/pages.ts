import type { ComponentType, LazyExoticComponent } from 'react';
import { lazyPart } from '../parts/lazy-part.ts';
import { type Caller, hasRole, type Role } from '../session/callers.ts';

/** A page of the navigation. */
export interface Page {
  readonly path: string;
  readonly name: string;
  /** The roles that see it. */
  readonly roles: readonly Role[];
  readonly Content: LazyExoticComponent<ComponentType>;
}

export const PAGES: readonly Page[] = [
  {
    path: '/now',
    name: 'Now',
    roles: ['admin'],
    Content: lazyPart(async () => (await import('../now/now-page.tsx')).NowPage),
  },
  {
    path: '/orders',
    name: 'Orders',
    roles: ['admin', 'analyst', 'warehouse', 'customer'],
    Content: lazyPart(async () => (await import('../orders/orders-page.tsx')).OrdersPage),
  },
  {
    path: '/shop',
    name: 'Shop',
    roles: ['admin', 'analyst', 'warehouse', 'customer'],
    Content: lazyPart(async () => (await import('../shop/shop-page.tsx')).ShopPage),
  },
  {
    path: '/read-models',
    name: 'Read models',
    roles: ['admin'],
    Content: lazyPart(async () => (await import('../read-models/read-models-page.tsx')).ReadModelsPage),
  },
  {
    path: '/dead-letters',
    name: 'Dead letters',
    roles: ['admin'],
    Content: lazyPart(async () => (await import('../dead-letters/dead-letters-page.tsx')).DeadLettersPage),
  },
  {
    path: '/events',
    name: 'Events',
    roles: ['admin'],
    Content: lazyPart(async () => (await import('../events/events-page.tsx')).EventsPage),
  },
  {
    path: '/sales',
    name: 'Sales',
    roles: ['admin', 'analyst'],
    Content: lazyPart(async () => (await import('../sales/sales-page.tsx')).SalesPage),
  },
  {
    path: '/privacy',
    name: 'Privacy',
    roles: ['admin'],
    Content: lazyPart(async () => (await import('../privacy/privacy-page.tsx')).PrivacyPage),
  },
];

export const RunbookPage = lazyPart(async () => (await import('../runbook/runbook-page.tsx')).RunbookPage);

export const OrderPage = lazyPart(async () => (await import('../orders/order-page.tsx')).OrderPage);

export const pagesFor = (caller: Caller): readonly Page[] => PAGES.filter(({ roles }) => hasRole(caller, ...roles));
