"""The door: admits submissions, keeps them, queues them, and tells students what became of them."""
