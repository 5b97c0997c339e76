# Runs inside WebAssembly. /demo is a directory of the host that it may read.
puts "#{RUBY_ENGINE} #{RUBY_VERSION} on #{RUBY_PLATFORM}"

primes = (2..100).select { |n| (2..Math.sqrt(n)).none? { |d| (n % d).zero? } }
puts "primes below 100: #{primes.join(' ')}"
puts "30! = #{(1..30).inject(:*)}"

words = File.read("/demo/demo.rb").scan(/[a-z]+/)
puts "this script has #{words.size} words; the longest is #{words.max_by(&:size).inspect}"
puts "files beside it: #{Dir.children('/demo').sort.join(', ')}"

begin
  File.read("/demo/../../package.json")
rescue SystemCallError => error
  puts "outside its directory: #{error.class}"
end
