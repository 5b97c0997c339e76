;; An array of references to records: a heap as a priority queue.
(module
  (type $item (struct (field $key i32) (field $value i32)))
  (type $items (array (mut (ref null $item))))
  (func $key (param $items (ref $items)) (param $i i32) (result i32)
    (struct.get $item $key (array.get $items (local.get $items) (local.get $i))))
  (func $swap (param $items (ref $items)) (param $i i32) (param $j i32) (local $item (ref null $item))
    (local.set $item (array.get $items (local.get $items) (local.get $i)))
    (array.set $items (local.get $items) (local.get $i) (array.get $items (local.get $items) (local.get $j)))
    (array.set $items (local.get $items) (local.get $j) (local.get $item)))
  (func $up (param $items (ref $items)) (param $i i32) (local $parent i32)
    (loop $next
      (if (local.get $i) (then
        (local.set $parent (i32.shr_u (i32.sub (local.get $i) (i32.const 1)) (i32.const 1)))
        (if (i32.lt_s (call $key (local.get $items) (local.get $i)) (call $key (local.get $items) (local.get $parent))) (then
          (call $swap (local.get $items) (local.get $i) (local.get $parent))
          (local.set $i (local.get $parent))
          (br $next)))))))
  (func $down (param $items (ref $items)) (param $count i32) (local $i i32) (local $child i32)
    (loop $next
      (local.set $child (i32.add (i32.shl (local.get $i) (i32.const 1)) (i32.const 1)))
      (if (i32.lt_u (local.get $child) (local.get $count)) (then
        (if (i32.lt_u (i32.add (local.get $child) (i32.const 1)) (local.get $count)) (then
          (if (i32.lt_s (call $key (local.get $items) (i32.add (local.get $child) (i32.const 1))) (call $key (local.get $items) (local.get $child)))
            (then (local.set $child (i32.add (local.get $child) (i32.const 1)))))))
        (if (i32.lt_s (call $key (local.get $items) (local.get $child)) (call $key (local.get $items) (local.get $i))) (then
          (call $swap (local.get $items) (local.get $i) (local.get $child))
          (local.set $i (local.get $child))
          (br $next)))))))
  (func (export "run") (param $n i32) (result i32)
    (local $items (ref $items)) (local $i i32) (local $x i32) (local $sum i32)
    (local.set $items (array.new_default $items (local.get $n)))
    (loop $fill
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
      (array.set $items (local.get $items) (local.get $i) (struct.new $item (i32.shr_s (local.get $x) (i32.const 8)) (local.get $i)))
      (call $up (local.get $items) (local.get $i))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (loop $take
      (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31))
        (struct.get $item $value (array.get $items (local.get $items) (i32.const 0)))))
      (local.set $i (i32.sub (local.get $i) (i32.const 1)))
      (call $swap (local.get $items) (i32.const 0) (local.get $i))
      (call $down (local.get $items) (local.get $i))
      (br_if $take (local.get $i)))
    (local.get $sum)))
