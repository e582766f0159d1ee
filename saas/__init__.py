"""The platform: opens doors, knows who comes in and for which tenant, speaks WeChat, runs jobs, and knows no business."""
