import { Link, useSearchParams } from 'wouter';
import { BackIcon } from '../parts/icons.tsx';
import { CustomerData } from './customer-data.tsx';
import { FindCustomer } from './find-customer.tsx';
import './privacy.css';

/** What the system holds about a customer, and the proof that an erasure leaves none of it. */
export function PrivacyPage() {
  const [query] = useSearchParams();
  const customerId = query.get('customerId') ?? '';
  return (
    <div className="stack">
      {customerId !== '' && (
        <Link href="/privacy" className="back small">
          <BackIcon />
          All customers
        </Link>
      )}
      <div className="page-head">
        <div>
          <h1>Privacy</h1>
          <p>
            Personal data is encrypted with a key per customer. Erasing a customer destroys the key and erases every
            copy in tables and read models.
          </p>
        </div>
      </div>
      {customerId === '' ? <FindCustomer /> : <CustomerData key={customerId} customerId={customerId} />}
    </div>
  );
}
