;; Arrays and fields of 64-bit integers: a lagged generator of random numbers.
(module
  (type $longs (array (mut i64)))
  (type $state (struct (field $lags (ref $longs)) (field $carry (mut i64)) (field $at (mut i32))))
  (func $next (param $state (ref $state)) (result i64) (local $lags (ref $longs)) (local $at i32) (local $x i64)
    (local.set $lags (struct.get $state $lags (local.get $state)))
    (local.set $at (struct.get $state $at (local.get $state)))
    (local.set $x (i64.add
      (i64.add (array.get $longs (local.get $lags) (local.get $at))
        (array.get $longs (local.get $lags) (i32.and (i32.add (local.get $at) (i32.const 13)) (i32.const 63))))
      (struct.get $state $carry (local.get $state))))
    (struct.set $state $carry (local.get $state) (i64.xor (local.get $x) (i64.shr_u (local.get $x) (i64.const 29))))
    (array.set $longs (local.get $lags) (local.get $at) (i64.rotl (local.get $x) (i64.const 17)))
    (struct.set $state $at (local.get $state) (i32.and (i32.add (local.get $at) (i32.const 1)) (i32.const 63)))
    (local.get $x))
  (func (export "run") (param $n i32) (result i32) (local $state (ref null $state)) (local $sum i64) (local $i i32)
    (local.set $state (struct.new $state (array.new_default $longs (i32.const 64)) (i64.const 1) (i32.const 0)))
    (loop $fill
      (array.set $longs (struct.get $state $lags (local.get $state)) (local.get $i)
        (i64.mul (i64.extend_i32_u (local.get $i)) (i64.const 0x9e3779b97f4a7c15)))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 64))))
    (loop $next
      (local.set $sum (i64.xor (local.get $sum) (call $next (ref.as_non_null (local.get $state)))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i32.wrap_i64 (i64.xor (local.get $sum) (i64.shr_u (local.get $sum) (i64.const 32))))))
