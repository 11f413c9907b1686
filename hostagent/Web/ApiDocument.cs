using System.Text.Json.Nodes;
using Ballast.Host.Access;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Ballast.Host.Web;

/// <summary>
/// The OpenAPI document at `/openapi/v1.json`: schemas come from the code, this adds what code cannot say: examples (a file of data, each
/// tried by a test) and the shape of errors.
/// </summary>
internal static class ApiDocument
{
    private const string Text = """
        One Ballast host: limits in watts come in, one order per pod goes out, and the meter and every board are watched until the watts are gone.
        Power is in W, energy per work in mJ/TH, hash rate in GH/s, times are RFC 3339 in UTC, ages and durations in ms or s as the name says.
        Errors are application/problem+json with a sentence in `detail` and, where one member is to blame, its name in `field`; nothing has changed then.
        503 comes with Retry-After: this host does not lead, or its journal cannot be written and the request would raise power.
        """;

    private static readonly Dictionary<string, (string Title, string Field, string Detail)> Errors = new()
    {
        ["401"] = ("Unauthorized", "", "This host asks for an API key: send Authorization: Bearer bk_…, or log in on the page."),
        ["403"] = ("Forbidden", "durationS", "This source has no right to raise: it may only set limits that are lower and stay until replaced."),
        ["404"] = ("Not found", "id", "No limit with id 'g1' holds or is scheduled."),
        ["409"] = ("Conflict", "Idempotency-Key", "This Idempotency-Key was used for another request: draw a new one."),
        ["413"] = ("Too large", "", "A request needs less than 16 kB."),
        ["415"] = ("Unsupported media type", "Content-Type", "Send the body as JSON, with Content-Type: application/json (curl: --json)."),
        ["422"] = ("Invalid", "limitW", "limitW must be a whole number of watts between 0 and 10000, without sign, unit or exponent."),
        ["429"] = ("Too many wrong keys", "", "Too many wrong keys came from your address: try again in 16 s."),
        ["503"] = ("Not available", "", "Host h2 leads this site."),
    };

    /// <summary>
    /// Serves the document. It is made once: making it takes a tenth of a second of a processor, which strangers could ask for again and
    /// again, and it must not name a server after whatever a request calls this host.
    /// </summary>
    internal static void Map(WebApplication app)
    {
        IOpenApiDocumentProvider provider = app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>("v1");
        Lazy<Task<byte[]>> made = new(() => Make(provider));
        app.MapGet("/openapi/v1.json", async () => Results.Bytes(await made.Value, "application/json; charset=utf-8")).Open().ExcludeFromDescription();
    }

    internal static void Describe(OpenApiOptions options)
    {
        JsonNode examples = Examples();
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Ballast host", Version = "1", Description = Text };
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(ProblemDetails) && schema.Properties is not null)
            {
                schema.Properties["field"] = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null, Description = "Member of the request that is to blame, where one is." };
            }

            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            if (operation.OperationId is { } id && examples[id] is { } example && operation.RequestBody?.Content?.TryGetValue("application/json", out OpenApiMediaType? body) == true)
            {
                body.Example = example.DeepClone();
            }

            foreach ((string status, IOpenApiResponse response) in operation.Responses ?? [])
            {
                if (Errors.TryGetValue(status, out (string Title, string Field, string Detail) error) && response.Content?.TryGetValue("application/problem+json", out OpenApiMediaType? problem) == true)
                {
                    problem.Example = Problem(status, error.Title, error.Field, error.Detail);
                }

                if (status == "503" && response is OpenApiResponse concrete)
                {
                    concrete.Headers ??= new Dictionary<string, IOpenApiHeader>();
                    concrete.Headers["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } };
                }
            }

            if (operation.OperationId == "setLimit")
            {
                operation.Parameters ??= [];
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = "Idempotency-Key",
                    In = ParameterLocation.Header,
                    Description = "1 to 128 characters, drawn anew for each new request. The same key with the same body answers 200 with what the first made; with another body 409.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 128 },
                });
            }

            return Task.CompletedTask;
        });
    }

    private static async Task<byte[]> Make(IOpenApiDocumentProvider provider)
    {
        OpenApiDocument document = await provider.GetOpenApiDocumentAsync();
        using MemoryStream text = new();
        await document.SerializeAsJsonAsync(text, OpenApiSpecVersion.OpenApi3_1);
        return text.ToArray();
    }

    private static JsonNode Examples()
    {
        using Stream stream = typeof(ApiDocument).Assembly.GetManifestResourceStream("examples.json")!;
        return JsonNode.Parse(stream)!;
    }

    private static JsonObject Problem(string status, string title, string field, string detail)
    {
        JsonObject problem = new()
        {
            ["title"] = title,
            ["status"] = int.Parse(status, System.Globalization.CultureInfo.InvariantCulture),
            ["detail"] = detail,
        };
        if (field.Length > 0)
        {
            problem["field"] = field;
        }

        return problem;
    }
}
