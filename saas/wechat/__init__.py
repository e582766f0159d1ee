"""The gateway: WeChat's messages come in and are answered, our calls go out. Facts it relies on: docs/protocol.md."""
