"""What each table of a study holds, and what each of its columns means: the words of datapackage.json.

A column means the same in every table. Types are Frictionless Table Schema's.
"""

from __future__ import annotations

from typing import NamedTuple

from ..indicators.registry import HEADLINES, INDICATORS


class Column(NamedTuple):
    """Type, meaning and unit of a column; an empty unit: it has none, or the row's own column ``unit`` says it."""

    type: str
    meaning: str
    unit: str = ""


UNKNOWN = Column("any", "")
_ROW = "the row's unit"
_MEAN = Column("number", "Mean over the replications in which it is defined (with points: of the points' means).", _ROW)
_LOW = Column("number", "Lower end of the interval of the mean.", _ROW)
_HIGH = Column("number", "Upper end of the interval of the mean.", _ROW)

TABLES: dict[str, str] = {
    "indicators": "One row an estimate: an indicator of a scenario under a rule, in total or in one breakdown.",
    "monthly": "The course in time: one row an indicator and calendar month.",
    "allocation": "How the money was divided: at each decision, service by grant by measure.",
    "runs": "One row a replication: the headline totals.",
    "differences": "Each scenario or rule less the reference, run by run.",
    "uncertainty": "With points: how far results may lie off, and what of that is not knowing and what chance.",
    "bands": "Between what each number lies, eight times in ten, over what is not known and chance, and the largest source.",
    "drawn_runs": "One row a replication in which every value with a range was drawn: the headline totals.",
    "points": "The points: where in its range each value lies, as the share of its distribution that is below.",
    "sensitivity": "Which values matter most: Sobol indices of the headline results.",
    "gap": "What is missing, priced, by reason, by month, and closed by money alone or not.",
    "runout": "When services and grants run out of money or goods, and breaks of the pipeline.",
    "attribution": "What each donor's money bought.",
    "budget": "Planned, received, spent and returned, by grant, by service and grant, by class and grant.",
    "targets": "People reached beside the target, by class.",
    "fan": "Of a law fitted to counts: the counts that are known, then between what the paths of displacement lie.",
    "scorecard": "Of a law fitted to counts: how its forecasts did on crises that had no part in what it learned.",
    "levels": "The same plan with a part of the money.",
    "pipeline": "Goods ordered, received, handed out, on hand and on the way, by month.",
    "ask": "How much more money meets a target, by when, and what else binds.",
    "next_dollar": "What a little more money buys, line by line of the budget.",
    "hapi": "People reached by place and service, in the column names of OCHA's HAPI (humanitarian needs, population "
    "status reached).",
    "pcodes": "The P-codes of the study's places: every code of a location or an origin of its scenarios, "
    "with the list it stands in. The licence of a list is stated at its address; no boundary is here.",
}

COLUMNS: dict[str, Column] = {
    "scenario": Column("string", "The scenario."),
    "rule": Column("string", "The rule by which money is divided."),
    "reference_scenario": Column("string", "The scenario that it is compared with."),
    "reference_rule": Column("string", "The rule that it is compared with."),
    "indicator": Column("string", "What the number is; reliefsim help outputs."),
    "service": Column("string", "The service, or running for management, teams and DTM rounds; empty: all."),
    "group": Column("string", "The class of members, or hosts; empty: the whole caseload, without hosts."),
    "origin": Column("string", "The P-code (else the name) of the region people fled from; empty: all."),
    "location": Column("string", "The P-code (else the name) of the region people are in, or the country of refugees."),
    "grant": Column("string", "The grant or pledge; empty: all."),
    "period": Column("string", "A month, YYYY-MM, or the first day of a week; empty: the whole run."),
    "unit": Column("string", "The unit of the row's numbers."),
    "measure": Column("string", "What the number is: envelope_usd, committed_usd, spent_usd or left_usd."),
    "decision": Column("integer", "The number of the decision, in order of time."),
    "date": Column("date", "The day of the decision."),
    "day": Column("number", "The same, since the first day of the run.", "days"),
    "reason": Column("string", "Why there was a plan: start, money, a DTM round, …; end: what had become of the money."),
    "mean": _MEAN,
    "ci_low": _LOW,
    "ci_high": _HIGH,
    "interval_method": Column("string", "How the interval was made, and what it covers; empty: there is none."),
    "mean_difference": Column("number", "Mean of the difference, run by run.", _ROW),
    "difference": Column("number", "Mean of the difference to no more money, run by run.", _ROW),
    "difference_low": Column("number", "Lower end of the interval of the difference.", _ROW),
    "difference_high": Column("number", "Upper end of the interval of the difference.", _ROW),
    "difference_method": Column("string", "How the interval of the difference was made, and what it covers."),
    "real": Column("string", "Whether the interval of the difference leaves out 0: yes, no, equal; empty: no interval."),
    "together": Column("integer", "How many intervals hold together, this among them: all cover in 95 % of studies; 1: alone."),
    "matters": Column("number", "The least difference that matters.", _ROW),
    "verdict": Column(
        "string", "What the difference comes to: better or worse (of what is neither, higher or lower): it is real and one "
        "that matters; no difference that matters: it is less, or its interval lies nearer to 0; not distinguishable; equal.",
    ),
    "chance": Column("number", "Share of replications in which it comes, or in which the target is met.", "share"),
    "chance_none": Column("number", "Share of replications in which the number is 0.", "share"),
    "chance_better": Column("number", "Share of replications in which it is better.", "share"),
    "chance_equal": Column("number", "Share of replications in which it is equal.", "share"),
    "chance_low": Column("number", "Lower end of the interval of the chance.", "share"),
    "chance_high": Column("number", "Upper end of the interval of the chance.", "share"),
    "share_defined": Column("number", "Share of the replications in which the number is defined.", "share"),
    "p10": Column("number", "10th percentile over replications.", _ROW),
    "p50": Column("number", "Median over replications.", _ROW),
    "p90": Column("number", "90th percentile over replications.", _ROW),
    "p05": Column("number", "5th percentile over paths.", "people"),
    "p25": Column("number", "25th percentile over paths.", "people"),
    "p75": Column("number", "75th percentile over paths.", "people"),
    "p95": Column("number", "95th percentile over paths: nine of ten lie between p05 and p95.", "people"),
    "counted": Column("integer", "People counted; empty: after the last count that is known.", "people"),
    "months_ahead": Column("number", "Months since the last count.", "months"),
    "model": Column("string", "Who forecasts: fitted, or last value, which takes the last count for all time."),
    "months": Column("integer", "How far ahead.", "months"),
    "relative_error": Column("number", "How far the middle lay off what came, as a share of it, in the mean.", "share"),
    "log_crps": Column("number", "Continuous ranked probability score of the logarithm, in the mean: less is better."),
    "held": Column("number", "Share of the 90 % bands that held what came.", "share"),
    "groups": Column("integer", "Of how many groups of crises these are means.", "groups"),
    "forecasts": Column("integer", "How many forecasts.", "forecasts"),
    "date_p10": Column("date", "The date of p10."),
    "date_p50": Column("date", "The date of p50."),
    "date_p90": Column("date", "The date of p90."),
    "replications": Column("integer", "How many replications.", "replications"),
    "replications_needed": Column("integer", "The fewest that can tell an amount of this certainty.", "replications"),
    "replication": Column("integer", "The number of the replication, from 0."),
    "point": Column("integer", "The number of the point, from 0."),
    "points": Column("integer", "How many points.", "points"),
    "at_point_values": Column("number", "The mean at the point values, as in indicators.csv.", _ROW),
    "largest_source": Column("string", "The value that goes with most of the variance, by its key, or chance; empty: unclear."),
    "share_of_source": Column("number", "The part of the variance that goes with it.", "share"),
    "sd": Column("number", "Standard deviation over points and replications.", _ROW),
    "share_not_knowing": Column("number", "Share of the variance that is not knowing the values.", "share"),
    "share_chance": Column("number", "Share of the variance that is chance.", "share"),
    "note": Column("string", "What is to be known of the row."),
    "path": Column("string", "The key of a value in the scenario file."),
    "label": Column("string", "What the value is called in pictures."),
    "low": Column("number", "The least that the value may be.", _ROW),
    "value": Column("number", "The point value.", _ROW),
    "high": Column("number", "The most that the value may be.", _ROW),
    "first_order": Column("number", "First-order Sobol index.", "share of variance"),
    "first_low": Column("number", "Lower end of its interval.", "share of variance"),
    "first_high": Column("number", "Upper end of its interval.", "share of variance"),
    "total": Column("number", "Total Sobol index.", "share of variance"),
    "total_low": Column("number", "Lower end of its interval.", "share of variance"),
    "total_high": Column("number", "Upper end of its interval.", "share of variance"),
    "evaluations": Column("integer", "How many evaluations.", "evaluations"),
    "source": Column("string", "Where the value comes from: a key of scenarios/sources.toml, or words."),
    "target_people": Column("number", "The number promised, of the class.", "people"),
    "level": Column("number", "What part of every grant and pledge there is.", "share"),
    "target": Column("string", "The indicator that is to meet the target, and of what."),
    "wanted": Column("number", "The value that is wanted.", "the target's unit"),
    "certainty": Column("number", "In which share of the runs it is to be met.", "share"),
    "part": Column("string", "What the row tells: ask, arrival, confirmed, chance, without, binds, curve or saturated."),
    "arrives": Column("date", "When the money comes."),
    "additional_usd": Column("number", "Additional money.", "USD"),
    "quantile_usd": Column("number", "The quantile itself of what the runs need.", "USD"),
    "quantile_low_usd": Column("number", "Lower end of the quantile's interval; additional_usd is its upper end.", "USD"),
    "service_label": Column("string", "What the scenario calls the service."),
    "grant_label": Column("string", "What the scenario calls the grant: its donor, and its name where the donor has several."),
    "saturated": Column("string", "Whether more in the line serves no more of its cases in the mean run, nor sooner: yes or no."),
    "binds": Column("string", "Of a saturated line: why cases of its service stay unserved, the most frequent reason first."),
    # OCHA's HAPI, humanitarian needs: https://hdx-hapi.readthedocs.io
    "location_code": Column("string", "ISO 3166-1 alpha-3 code of the country; empty: the scenario states none."),
    "admin1_code": Column("string", "OCHA's P-code of the region; empty: the whole operation, or no code is known."),
    "admin1_name": Column("string", "The region's name; empty: the whole operation, or not known."),
    "admin2_code": Column("string", "OCHA's P-code of the district in it, where the place is one."),
    "admin2_name": Column("string", "The district's name."),
    "admin_level": Column("integer", "0: the whole operation; 1: a region; 2: a district; empty: not known."),
    "sector_code": Column("string", "OCHA's code of the sector, or Intersectoral: reached by any service, each person once; "
                          "empty: the scenario states none."),
    "sector_name": Column("string", "OCHA's name of the sector."),
    "category": Column("string", "HAPI's code of the population group: IDP; HST for host households."),
    "population_status": Column("string", "REA: reached."),
    "population": Column("string", "People reached: the mean over replications to the nearest whole person, as HAPI wants it; "
                         "fewer than the threshold of --disclosure as <5, without any number beside. Added up, such numbers may "
                         "differ from the whole; the column mean does not round.", "people"),
    "reference_period_start": Column("date", "The first day of the run."),
    "reference_period_end": Column("date", "The last day of the run."),
    "pcode_version": Column("string", "The version of the list that the code stands in; not listed: the scenario alone "
                             "gives it; no code known: it gives none."),
}  # fmt: skip

# What means something else in one table.
OF_ONE_TABLE = {
    ("fan", "date"): Column("date", "The day of the count, or that the paths are told of."),
    ("fan", "p50"): Column("number", "Median over paths.", "people"),
    ("pcodes", "admin1_code"): Column("string", "OCHA's P-code of the region, or the scenario's own."),
    ("pcodes", "admin1_name"): Column("string", "The region's name: the list's, or the scenario's where it is not listed."),
    ("pcodes", "source"): Column("string", "Where the list comes from; empty: the scenario alone gives the code."),
}


def column(table: str, name: str) -> Column:
    """The meaning of a column; one that is not in this dictionary has none, and may hold anything."""
    if table == "points" and name != "point":
        return Column("number", f"The share of the distribution of {name} that lies below its value at the point.", "share")
    if (table, name) in OF_ONE_TABLE:
        return OF_ONE_TABLE[table, name]
    found = COLUMNS[name] if name in COLUMNS else _headline(name)
    return found._replace(unit="people") if table == "hapi" and found.unit == _ROW else found


def _headline(name: str) -> Column:
    """A column of runs.csv: an indicator in total."""
    if name not in HEADLINES:
        return UNKNOWN
    unit = INDICATORS[name].unit
    unit = "days since the first day of the run" if unit == "day" else unit
    return Column("number", f"The indicator {name} of the replication, in total; empty: not defined.", unit)
