/* PostHog. It takes any length; whether a person is known is a setting of its own. */

import { connect, fieldsOf, nameOf } from "./connect.js";

connect(() => {
  if (typeof window.posthog?.capture !== "function") return undefined;
  return (event) => window.posthog.capture(nameOf(event), fieldsOf(event));
});
