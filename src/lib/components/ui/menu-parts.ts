import { createContext } from 'svelte';
import type MenuPanelChoices from './MenuPanelChoices.svelte';
import type MenuPanelItem from './MenuPanelItem.svelte';
import type MenuPanelSeparator from './MenuPanelSeparator.svelte';

interface MenuParts {
  Item: typeof MenuPanelItem;
  Choices: typeof MenuPanelChoices;
  Separator: typeof MenuPanelSeparator;
}

/** An open menu gives its parts to what stands in it, so that a page with a closed one loads none of them. */
export const [useMenuParts, provideMenuParts] = createContext<MenuParts>();
