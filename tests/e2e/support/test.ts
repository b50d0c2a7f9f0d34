import { test as base, expect } from '@playwright/test';
import { startProduct, type Product } from './product.ts';

interface Fixtures {
  /** A fresh product of this test's own, with nobody registered. */
  product: Product;
  /** Environment beside the usual; set with `test.use`. */
  productEnv: Record<string, string>;
}

/** Playwright's test with a product; what that logged is attached to a failure. */
export const test = base.extend<Fixtures>({
  productEnv: [{}, { option: true }],
  async product({ productEnv }, use, testInfo) {
    const product = await startProduct(productEnv);
    await use(product);
    if (testInfo.status !== testInfo.expectedStatus)
      await testInfo.attach('product.log', { body: product.log(), contentType: 'text/plain' });
    await product.remove();
  },
});

export { expect };
