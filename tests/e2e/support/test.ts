import { test as base, expect } from '@playwright/test';
import { startLiveProduct, type LiveProduct } from '../../support/live-product.ts';
import { startProduct, type Product } from './product.ts';

interface Fixtures {
  /** A fresh product of this test's own, with nobody registered. */
  product: Product;
  /** Environment beside the usual; set with `test.use`. */
  productEnv: Record<string, string>;
  /** A product in live mode, whose remote systems can be made to fail. */
  liveProduct: LiveProduct;
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
  // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern what a fixture needs: nothing
  async liveProduct({}, use) {
    // Patient with its model alone, so that a slow one can be met.
    const timeouts = { connectMs: 2_000, firstByteMs: 60_000, idleMs: 60_000, totalMs: 60_000 };
    const product = await startLiveProduct({ config: { llm: { timeouts } } });
    await use(product);
    await product.stop();
  },
});

export { expect };
