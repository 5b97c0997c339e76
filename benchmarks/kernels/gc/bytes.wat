;; Arrays of bytes: filled, hashed, copied in reverse.
(module
  (type $bytes (array (mut i8)))
  (func $hash (param $bytes (ref $bytes)) (result i32) (local $i i32) (local $hash i32)
    (local.set $hash (i32.const 0x811c9dc5))
    (loop $next
      (local.set $hash (i32.mul (i32.xor (local.get $hash) (array.get_u $bytes (local.get $bytes) (local.get $i))) (i32.const 0x01000193)))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (array.len (local.get $bytes)))))
    (local.get $hash))
  (func $reverse (param $to (ref $bytes)) (param $from (ref $bytes)) (local $i i32)
    (loop $next
      (array.set $bytes (local.get $to) (local.get $i)
        (i32.add (i32.const 1) (array.get_s $bytes (local.get $from)
          (i32.sub (i32.sub (array.len (local.get $from)) (i32.const 1)) (local.get $i)))))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (array.len (local.get $to))))))
  (func (export "run") (param $n i32) (result i32) (local $a (ref null $bytes)) (local $b (ref null $bytes)) (local $sum i32)
    (local.set $a (array.new $bytes (i32.const 3) (i32.const 50000)))
    (local.set $b (array.new_default $bytes (i32.const 50000)))
    (loop $round
      (call $reverse (ref.as_non_null (local.get $b)) (ref.as_non_null (local.get $a)))
      (array.set $bytes (local.get $b) (i32.and (local.get $sum) (i32.const 32767)) (local.get $n))
      (call $reverse (ref.as_non_null (local.get $a)) (ref.as_non_null (local.get $b)))
      (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 3)) (call $hash (ref.as_non_null (local.get $a)))))
      (br_if $round (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
