;; What threads share, and what they do not.

(module $memory (memory (export "shared") 1 2 shared) (memory (export "own") 1 2))
(register "memory" $memory)

(thread $with (shared (module $memory))
  ;; A name of the script, to be registered anew.
  (assert_unlinkable (module (memory (import "memory" "shared") 1 2 shared)) "unknown import")
  (register "here" $memory)
  (module (memory (import "here" "shared") 1 2 shared))
  (assert_unlinkable (module (memory (import "here" "own") 1 2)) "unknown import")
  (assert_unlinkable (module (memory (import "here" "shared") 1 2)) "incompatible import type")
  (assert_unlinkable (module (memory (import "here" "shared") 1 1 shared)) "incompatible import type")
)

(thread $without
  (assert_unlinkable (module (memory (import "memory" "shared") 1 2 shared)) "unknown import")
)

(wait $with)
(wait $without)

(assert_unlinkable (module (memory (import "here" "shared") 1 2 shared)) "unknown import")
