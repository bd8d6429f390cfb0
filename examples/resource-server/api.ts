import express, { type Express } from 'express';
import { accessTokenOf, fromNetworks, protect, ResourceServer } from '../../resource-server';
import { ORDERS_API } from './orders-realm';

export interface OrdersApiOptions {
  /** Base URL of the realm. */
  readonly issuer: string;
  /** Seconds since the user's last proof, for a payment. @default 300 */
  readonly paymentMaxAge?: number;
  /** Networks from which orders may be exported. @default those of this machine */
  readonly officeNetworks?: readonly string[];
}

/** An API with one thing for everybody, one that needs a fresh one-time password, and one for the office. */
export function ordersApi({
  issuer,
  paymentMaxAge = 300,
  officeNetworks = ['127.0.0.0/8', '::1'],
}: OrdersApiOptions): Express {
  const server = new ResourceServer({ issuer, audience: ORDERS_API, levels: ['silver', 'gold'] });
  const app = express();

  app.get('/orders', protect(server, { acr: 'silver' }), (_request, response) => {
    response.json({ orders: ['17', '18'] });
  });

  app.post('/payments', protect(server, { acr: 'gold', maxAge: paymentMaxAge, amr: ['otp'] }), (request, response) => {
    response.status(201).json({ paidBy: accessTokenOf(request).claims.preferred_username });
  });

  app.get('/export', protect(server, { acr: 'gold', from: fromNetworks(officeNetworks) }), (_request, response) => {
    response.type('csv').send('17\n18\n');
  });

  return app;
}

if (require.main === module) {
  const issuer = process.env.ISSUER;
  if (issuer) ordersApi({ issuer }).listen(8090, '127.0.0.1', () => console.log('http://127.0.0.1:8090'));
  else {
    console.error('ISSUER is not set: write the URL of the realm, as in ISSUER=http://localhost:8080/realms/orders');
    process.exitCode = 2;
  }
}
