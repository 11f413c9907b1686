namespace Ballast.Browser;

/// <summary>A view of the page.</summary>
/// <param name="Name">Its name in file names.</param>
/// <param name="Path">Its address in the fragment.</param>
internal sealed record Place(string Name, string Path)
{
    /// <summary>Every view. {event} stands for an event of the site.</summary>
    public static readonly Place[] All =
    [
        new("site", "#/site"),
        new("boards", "#/boards"),
        new("board", "#/boards/p1/b01"),
        new("events", "#/events"),
        new("event", "#/events/{event}"),
        new("order", "#/order"),
        new("sources", "#/sources"),
        new("audit", "#/audit"),
    ];

    /// <summary>The view of a name.</summary>
    public static Place Of(string name) => All.First(p => p.Name == name);

    /// <summary>Names, for tests that run once for each.</summary>
    public static TheoryData<string> Names => [.. All.Select(p => p.Name)];
}
