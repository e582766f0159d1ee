// Alpine components. The CSP build takes names, not code: x-data="filter", x-on:input="search".
"use strict";
document.addEventListener("alpine:init", () => {
  // Hides what does not contain the words typed: elements with data-name below.
  window.Alpine.data("filter", () => ({
    search() {
      const text = this.$event.target.value.trim().toLowerCase();
      for (const item of this.$root.querySelectorAll("[data-name]")) {
        item.hidden = !item.dataset.name.toLowerCase().includes(text);
      }
    },
  }));

  // Something to open and close: x-data="fold", x-on:click="toggle", x-show="open".
  window.Alpine.data("fold", () => ({
    open: false,
    toggle() {
      this.open = !this.open;
    },
  }));

  // Shows parts by the value of a select or radio: x-data="cases", x-on:change="choose"; parts carry data-case="a b".
  window.Alpine.data("cases", () => ({
    init() {
      for (const part of this.$root.querySelectorAll("[data-cases]")) this.show(part.value);
    },
    choose() {
      if ("cases" in this.$event.target.dataset) this.show(this.$event.target.value);
    },
    show(value) {
      for (const part of this.$root.querySelectorAll("[data-case]")) {
        const wanted = part.dataset.case.split(" ").includes(value);
        part.hidden = !wanted;
        for (const control of part.querySelectorAll("input, select, textarea")) control.disabled = !wanted;
      }
    },
  }));
});
