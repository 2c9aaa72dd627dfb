/* Runs before the page is drawn: the reader's colour scheme, and four functions that Material's
   bundle expects to find. A classic script, because a module would run too late. */
(function () {
  "use strict";
  var scope = new URL(document.currentScript.dataset.scope || ".", location.href);

  function get(key, storage, base) {
    try {
      return JSON.parse((storage || localStorage).getItem((base || scope).pathname + "." + key));
    } catch {
      return null; // storage may be forbidden
    }
  }

  function set(key, value, storage, base) {
    try {
      (storage || localStorage).setItem((base || scope).pathname + "." + key, JSON.stringify(value));
    } catch {
      // a reader who forbids storage goes without
    }
  }

  window.__md_scope = scope;
  window.__md_get = get;
  window.__md_set = set;
  window.__md_hash = function (text) {
    return Array.from(text).reduce(function (sum, char) {
      return (sum << 5) - sum + char.charCodeAt(0);
    }, 0);
  };

  var scheme = get("kb-scheme");
  if (scheme === "dark" || scheme === "light") {
    document.documentElement.dataset.kbScheme = scheme;
  }
})();
