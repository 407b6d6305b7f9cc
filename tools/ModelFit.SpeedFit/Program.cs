using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using ModelFit.SpeedFit;

var root = typeof(Fitter).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
    .First(attribute => attribute.Key == "RepoRoot").Value!;
var rows = RowSets.Load(Path.Combine(root, "tests", "data", "speed", "measured.tsv.gz"));
Console.WriteLine($"{rows.Count} rows");
var watch = System.Diagnostics.Stopwatch.StartNew();
var fitted = Fitter.Fit(rows);
Console.WriteLine(watch.Elapsed);
foreach (var (name, value) in fitted.Values.OrderBy(pair => pair.Key)) Console.Write($"{name}={value:0.###} ");
Console.WriteLine();
foreach (var row in fitted.Classes.Values.OrderBy(row => row.Name)) Console.WriteLine($"{row.Name}/{row.Engine} ops {row.OperationsFactor:0.00} prefill {row.PrefillShare:0.00} perwatt {row.FlopsPerWatt / 1e12:0.00}");
void Show(string what, Func<FitRow, bool> set)
{
    var table = fitted.Table();
    var own = rows.Where(set).Select(row => (Row: row, Miss: row.Miss(table, fitted.OldLayerSeconds))).Where(pair => pair.Miss is not null).ToArray();
    var errors = own.Select(pair => Math.Abs(Math.Exp(-pair.Miss!.Value) - 1)).OrderBy(error => error).ToArray();
    if (errors.Length == 0) { Console.WriteLine(what + " none"); return; }
    Console.WriteLine($"## {what}: {errors.Length} rows, median {errors[errors.Length / 2]:P1}, mean {errors.Average():P1}, p90 {errors[errors.Length * 9 / 10]:P1}");
    if (args.Contains(what)) foreach (var (row, miss) in own.OrderBy(pair => pair.Row.Device)) Console.WriteLine($"   {Math.Exp(-miss!.Value) - 1,7:P0} {row.Device} x{row.Cards.Count} {row.Row.Model.Split('/')[^1]} {row.Row.Quantization} {row.Row.Kind} {row.Row.Length}@{row.Row.Depth} ub{row.Row.MicroBatch} fa{row.Row.FlashAttention} u{row.Row.Users} {row.Row.Split} {row.Row.PowerLimit}W {row.Row.Date}: {row.Row.TokensPerSecond}");
}
Show("decode", RowSets.Decode);
Show("new decode", row => RowSets.Decode(row) && !row.Row.IsOld);
Show("prefill", RowSets.Prefill);
Show("new prefill", row => RowSets.Prefill(row) && !row.Row.IsOld);
Show("depth", RowSets.DepthDecode);
Show("cards", RowSets.CardsDecode);
Show("cards prefill", RowSets.CardsPrefill);
Show("shared", RowSets.SharedDecode);
Show("host", RowSets.HostDecode);
Show("users", RowSets.Users);
Show("vllm", RowSets.VllmDecode);
Show("vllm users", RowSets.VllmUsers);
Show("vllm prefill", RowSets.VllmPrefill);
