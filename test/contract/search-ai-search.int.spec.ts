import { describe } from 'vitest';
import { searchContract } from './search-contract.ts';

describe('search in Azure AI Search', () => searchContract('ai-search'));
