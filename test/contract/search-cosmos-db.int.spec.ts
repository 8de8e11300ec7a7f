import { describe } from 'vitest';
import { searchContract } from './search-contract.ts';

describe('search in Cosmos DB', () => searchContract('cosmos-db'));
