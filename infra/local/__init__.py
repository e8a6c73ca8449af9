"""The local platform: gateway, bus, scheduler and sandbox providers in one process."""
