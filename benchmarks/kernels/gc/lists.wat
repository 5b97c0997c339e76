;; Lisp's lists: cells of whatever there is, small integers among it, nested; built, reversed and summed up.
(module
  (type $cell (struct (field $head eqref) (field $tail (ref null $cell))))
  (func $make (param $count i32) (param $depth i32) (result (ref null $cell)) (local $list (ref null $cell))
    (loop $next
      (local.set $list (struct.new $cell
        (if (result eqref) (i32.and (i32.eqz (i32.and (local.get $count) (i32.const 7))) (i32.gt_s (local.get $depth) (i32.const 0)))
          (then (call $make (i32.const 8) (i32.sub (local.get $depth) (i32.const 1))))
          (else (ref.i31 (local.get $count))))
        (local.get $list)))
      (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
    (local.get $list))
  (func $reverse (param $list (ref null $cell)) (result (ref null $cell)) (local $made (ref null $cell))
    (loop $next
      (if (i32.eqz (ref.is_null (local.get $list))) (then
        (local.set $made (struct.new $cell (struct.get $cell $head (local.get $list)) (local.get $made)))
        (local.set $list (struct.get $cell $tail (local.get $list)))
        (br $next))))
    (local.get $made))
  (func $sum (param $value eqref) (result i32) (local $list (ref null $cell)) (local $sum i32)
    (block $number (result (ref i31))
      (block $other (result eqref)
        (br_on_cast $number eqref (ref i31) (local.get $value)))
      (local.set $list (ref.cast (ref null $cell)))
      (loop $next
        (if (i32.eqz (ref.is_null (local.get $list))) (then
          (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 5)) (call $sum (struct.get $cell $head (local.get $list)))))
          (local.set $list (struct.get $cell $tail (local.get $list)))
          (br $next))))
      (return (local.get $sum)))
    (return (i31.get_s)))
  (func (export "run") (param $n i32) (result i32) (local $sum i32) (local $list (ref null $cell))
    (local.set $list (call $make (i32.const 400) (i32.const 2)))
    (loop $next
      (local.set $list (call $reverse (local.get $list)))
      (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 3)) (call $sum (local.get $list))))
      (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
