using System.Text.Json;
using Ballast.Host.Limits;
using Ballast.Host.Web;
using Microsoft.AspNetCore.Http;

namespace Ballast.Host.Tests.Web;

/// <summary>What counts as a JSON body, and members at their bounds.</summary>
public sealed class BodyTests
{
    [Theory]
    [InlineData("application/json", true)]
    [InlineData("Application/JSON; charset=utf-8", true)]
    [InlineData("application/json ;charset=utf-8", true)]
    [InlineData("application/json-seq", false)]
    [InlineData("application/jsonp", false)]
    [InlineData("text/plain", false)]
    [InlineData("text/plain;application/json", false)]
    [InlineData(null, false)]
    public void Only_JSON_is_JSON(string? contentType, bool json)
    {
        DefaultHttpContext http = new();
        http.Request.ContentType = contentType;
        Assert.Equal(json, Body.IsJson(http.Request));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(8, true)]
    [InlineData(9, false)]
    [InlineData(0, false)]
    public void A_text_has_one_to_as_many_characters_as_are_allowed(int length, bool taken)
    {
        RequestFault? fault = null;
        string text = new('x', length);
        Dictionary<string, JsonElement> members = Body.Flat(JsonSerializer.SerializeToUtf8Bytes(new { name = text }), ["name"], out _)!;
        Assert.Equal(taken ? text : "", Body.Text(members, "name", 8, ref fault));
        Assert.Equal(taken ? null : "name", fault?.Field);
    }

    [Theory]
    [InlineData("{\"name\":\"a\",\"name\":\"b\"}", "name", "twice")]
    [InlineData("{\"name\":\"a\",\"nome\":\"b\"}", "nome", "use name")]
    [InlineData("[]", "", "flat JSON object")]
    [InlineData("{\"name\":{\"a\":{}}}", "", "flat JSON object")]
    [InlineData("{", "", "flat JSON object")]
    public void A_member_that_is_there_twice_unknown_or_not_flat_is_named(string body, string field, string words)
    {
        Assert.Null(Body.Flat(System.Text.Encoding.UTF8.GetBytes(body), ["name"], out RequestFault? fault));
        Assert.Equal(field, fault!.Field);
        Assert.Contains(words, fault.Sentence, StringComparison.Ordinal);
    }
}
