;; A search tree of mutable nodes with 32-bit keys: insertions, then look-ups.
(module
  (type $node (struct (field $key i32) (field $value (mut i32))
    (field $left (mut (ref null $node))) (field $right (mut (ref null $node)))))
  (func $insert (param $root (ref $node)) (param $key i32)
    (local $node (ref $node)) (local $next (ref null $node))
    (local.set $node (local.get $root))
    (loop $down
      (if (i32.eq (local.get $key) (struct.get $node $key (local.get $node)))
        (then
          (struct.set $node $value (local.get $node) (i32.add (struct.get $node $value (local.get $node)) (i32.const 1)))
          (return)))
      (if (i32.lt_s (local.get $key) (struct.get $node $key (local.get $node)))
        (then
          (local.set $next (struct.get $node $left (local.get $node)))
          (if (ref.is_null (local.get $next)) (then
            (struct.set $node $left (local.get $node)
              (struct.new $node (local.get $key) (i32.const 1) (ref.null $node) (ref.null $node)))
            (return))))
        (else
          (local.set $next (struct.get $node $right (local.get $node)))
          (if (ref.is_null (local.get $next)) (then
            (struct.set $node $right (local.get $node)
              (struct.new $node (local.get $key) (i32.const 1) (ref.null $node) (ref.null $node)))
            (return)))))
      (local.set $node (ref.as_non_null (local.get $next)))
      (br $down)))
  (func $find (param $node (ref null $node)) (param $key i32) (result i32)
    (loop $down (result i32)
      (if (ref.is_null (local.get $node)) (then (return (i32.const 0))))
      (if (i32.eq (local.get $key) (struct.get $node $key (local.get $node)))
        (then (return (struct.get $node $value (local.get $node)))))
      (if (i32.lt_s (local.get $key) (struct.get $node $key (local.get $node)))
        (then (local.set $node (struct.get $node $left (local.get $node))))
        (else (local.set $node (struct.get $node $right (local.get $node)))))
      (br $down)))
  (func (export "run") (param $n i32) (result i32)
    (local $root (ref null $node)) (local $i i32) (local $x i32) (local $sum i32)
    (local.set $root (struct.new $node (i32.const 0) (i32.const 0) (ref.null $node) (ref.null $node)))
    (local.set $x (i32.const 1))
    (loop $next
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
      (call $insert (ref.as_non_null (local.get $root)) (i32.shr_s (local.get $x) (i32.const 16)))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (loop $next
      (local.set $sum (i32.add (local.get $sum) (call $find (local.get $root) (local.get $i))))
      (br_if $next (i32.ge_s (local.tee $i (i32.sub (local.get $i) (i32.const 1))) (i32.const -5000))))
    (local.get $sum)))
