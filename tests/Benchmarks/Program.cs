using Ballast.Benchmarks;

// Counted, not timed: the table is the same on every machine. Estimates for an ESP32-S3 at 240 MHz: 0.2 to 0.65 µs an instruction (no
// hardware was used).
Console.WriteLine($"{"executed IL",-48} {"count",8} {"budget",8} {"own calls",10} {"platform",9} {"ESP32-S3, estimate",20}");
bool over = false;
foreach (IlCount count in IlMeter.Measure())
{
    bool exceeds = count.Budget > 0 && count.Instructions > count.Budget;
    over |= exceeds;
    string estimate = $"{count.Instructions * 0.2 / 1000:f2} … {count.Instructions * 0.65 / 1000:f2} ms";
    Console.WriteLine($"{count.Name,-48} {count.Instructions,8} {count.Budget,8} {count.OwnCalls,10} {count.PlatformCalls,9} {estimate,20}{(exceeds ? "  OVER" : "")}");
}

return over ? 1 : 0;
