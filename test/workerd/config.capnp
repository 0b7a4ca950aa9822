using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "core", worker = (
    compatibilityDate = "2026-11-01",
    modules = [
      (name = "main", esModule = embed "core.js"),
      (name = "@holdfast/core", esModule = embed "../../packages/core/dist/index.mjs"),
      # A bundle's import is looked up beside its own name.
      (name = "@holdfast/@holdfast/core/models", esModule = embed "../../packages/core/dist/models.mjs"),
    ],
  ))],
);
