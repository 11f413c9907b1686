using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Ballast.Host.Limits;
using Microsoft.AspNetCore.Mvc;

namespace Ballast.Host.Web;

/// <summary>
/// Refuses a query that an operation does not mean: a name that it does not know, a name twice, a number that is none or out of range. What
/// was silently left out or bent to fit would answer another question than was asked. What an operation knows stands in its handler.
/// </summary>
internal static class QueryCheck
{
    private static readonly PathString Interface = new("/api");
    private static readonly ConcurrentDictionary<MethodInfo, Known[]> Handlers = [];

    private sealed record Known(string Name, Type Type, RangeAttribute? Range);

    internal static Task Before(HttpContext http, RequestDelegate next)
    {
        RequestFault? fault = http.Request.Query.Count > 0 && http.Request.Path.StartsWithSegments(Interface, StringComparison.OrdinalIgnoreCase)
            && http.GetEndpoint()?.Metadata.GetMetadata<MethodInfo>() is { } handler ? Fault(http.Request.Query, handler) : null;
        return fault is null ? next(http) : Api.Invalid(fault).ExecuteAsync(http);
    }

    private static Known[] Of(MethodInfo handler) =>
    [
        .. handler.GetParameters().Where(p => p.GetCustomAttribute<FromQueryAttribute>() is not null)
            .Select(p => new Known(p.Name!, Nullable.GetUnderlyingType(p.ParameterType) ?? p.ParameterType, p.GetCustomAttribute<RangeAttribute>())),
    ];

    private static RequestFault? Fault(IQueryCollection query, MethodInfo handler)
    {
        Known[] known = Handlers.GetOrAdd(handler, Of);
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in query)
        {
            Known? parameter = Array.Find(known, p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));
            string? wrong = parameter is null ? "'" + name + "' is not known here: " + (known.Length == 0 ? "this address takes no parameters." : "use " + string.Join(", ", known.Select(p => p.Name)) + ".")
                : values.Count > 1 ? parameter.Name + " is there " + values.Count.ToString(CultureInfo.InvariantCulture) + " times: give it once."
                : Wrong(parameter, values.ToString());
            if (wrong is not null)
            {
                return new RequestFault(parameter?.Name ?? name, wrong);
            }
        }

        return null;
    }

    private static string? Wrong(Known parameter, string value)
    {
        if (parameter.Type == typeof(bool))
        {
            return bool.TryParse(value, out _) ? null : parameter.Name + " must be true or false.";
        }

        if (parameter.Type != typeof(int) || parameter.Range is not { } range)
        {
            return null;
        }

        return int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= (int)range.Minimum && number <= (int)range.Maximum
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{parameter.Name} must be a whole number from {range.Minimum} to {range.Maximum}.");
    }
}
