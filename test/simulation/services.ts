import type { DatabaseSync } from 'node:sqlite';
import { ORDER_EVENTS_HUB, ORDER_EVENTS_REPLAY_HUB } from '../../src/shared/event-hubs/hub.ts';
import { SimulatedHub } from './edges/hub.ts';
import { SimulatedPartner } from './edges/partner.ts';
import { SimulatedReadDatabase } from './edges/read-database.ts';
import { SimulatedSearch } from './edges/search.ts';
import type { TimerLocks } from './edges/timers.ts';
import { SimulatedVault } from './edges/vault.ts';
import { SimulatedWebPubSub } from './edges/web-pubsub.ts';
import { SimulatedWriteDatabase } from './edges/write-database.ts';
import type { World } from './kernel/world.ts';

/** The services of Azure, which no crash of an app affects. */
export class Services {
  readonly hub: SimulatedHub;
  readonly replayHub: SimulatedHub;
  readonly search: SimulatedSearch;
  readonly vault: SimulatedVault;
  readonly documents: SimulatedReadDatabase;
  /** A partner with a subscription from the start, and one that subscribes later. */
  readonly partners: { readonly first: SimulatedPartner; readonly second: SimulatedPartner };
  readonly webPubSub: SimulatedWebPubSub;
  readonly sql: SimulatedWriteDatabase;
  readonly locks: TimerLocks = new Map();

  constructor(world: World, database: DatabaseSync) {
    this.search = new SimulatedSearch(world);
    this.vault = new SimulatedVault(world.dice.pick('master key', ['secret', 'key']));
    this.partners = { first: new SimulatedPartner(world, 'first'), second: new SimulatedPartner(world, 'second') };
    this.documents = new SimulatedReadDatabase(world);
    this.sql = new SimulatedWriteDatabase(world, database);
    this.hub = new SimulatedHub(world, ORDER_EVENTS_HUB);
    this.webPubSub = new SimulatedWebPubSub({ world, hub: this.hub, documents: this.documents });
    this.replayHub = new SimulatedHub(world, ORDER_EVENTS_REPLAY_HUB);
  }

  hubNamed(name: string): SimulatedHub {
    return name === this.replayHub.name ? this.replayHub : this.hub;
  }
}
