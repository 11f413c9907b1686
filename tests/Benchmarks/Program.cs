using Ballast.Benchmarks;

// Counted, not timed: the table is the same on every machine. The estimate takes 17 instructions for a call and 30 more for one into the
// platform, and 0.2 to 0.65 µs an instruction on an ESP32-S3 at 240 MHz (no hardware was used).
Console.WriteLine($"{"executed IL",-48} {"count",8} {"budget",8} {"own calls",10} {"platform",9} {"ESP32-S3, estimate",20}");
bool over = false;
foreach (IlCount count in IlMeter.Measure())
{
    bool exceeds = count.Budget > 0 && count.Instructions > count.Budget;
    over |= exceeds;
    long weighted = count.Instructions + 17 * count.OwnCalls + 30 * count.PlatformCalls;
    string estimate = $"{weighted * 0.2 / 1000:f2} … {weighted * 0.65 / 1000:f2} ms";
    Console.WriteLine($"{count.Name,-48} {count.Instructions,8} {count.Budget,8} {count.OwnCalls,10} {count.PlatformCalls,9} {estimate,20}{(exceeds ? "  OVER" : "")}");
}

Console.WriteLine();
FeedTable.Print(Console.Out);

Console.WriteLine();
ChipTimes.Print();

return over ? 1 : 0;
