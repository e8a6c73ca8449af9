"""The allow-list: each node of sqlglot's tree, and its arguments with their keywords, that a test shows to be right."""

ALLOWED = """
Abs: this
Add: expression this
Alias: alias this
And: expression this
AnyValue: this
ApproxDistinct: this
ApproxQuantiles: expression this
Array: expressions struct_name_inheritance
ArrayAgg: this
ArraySize: this
AtTimeZone: this zone
Avg: this
Between: high low this
Boolean: this
Bracket: expressions offset=0 offset=1 safe this
CTE: alias this
Case: default ifs this
Cast: this to
Ceil: this
Coalesce: expressions this
Column: catalog db table this
ColumnDef: kind this
Concat: expressions safe
Count: big_int this
CountIf: this
DPipe: expression safe this
DataType: expressions nested this=ARRAY this=BIGINT this=BOOLEAN this=DATE this=DOUBLE this=STRUCT this=TEXT
DataType: this=TIMESTAMPTZ
Date: this zone
DateAdd: expression this unit=DAY
DateDiff: date_part_boundary expression this unit=DAY
DateSub: expression this unit=DAY
DateTrunc: this unit unit=MONTH
Delete: this where
DenseRank
Distinct: expressions
Div: expression this
Dot: expression this
EQ: expression this
EndsWith: expression this
Except: distinct expression this
Exists: this
Extract: expression this=DATE this=DAY this=DAYOFWEEK this=HOUR this=MINUTE this=MONTH this=SECOND this=YEAR
FirstValue: this
Floor: this
From: this
GT: expression this
GTE: expression this
GenerateSeries: end start step
GenerateTimestampArray: end start step
Greatest: expressions this
Group: expressions
GroupConcat: separator this
Having: this
HavingMax: expression max this
Host: this
Identifier: quoted this
If: false this true
IgnoreNulls: this
In: expressions query this unnest
Insert: expression this
IntDiv: expression this
Intersect: distinct expression this
Interval: this unit=MINUTE
Is: expression this
JSONExtractScalar: expression scalar_only this
JSONPath: expressions
JSONPathKey: this
JSONPathRoot
Join: kind=CROSS kind=INNER on side=FULL side=LEFT side=RIGHT this using
LT: expression this
LTE: expression this
Lag: this
LastValue: this
Lead: offset this
Least: expressions this
Length: binary this
Like: expression negate this
Limit: expression this
Literal: is_string this
Ln: this
LogicalAnd: this
LogicalOr: this
Lower: this
Max: this
Merge: on this using whens
Min: this
Mod: expression this
Mul: expression this
NEQ: expression this
Neg: this
NetFunc: this
Not: this
Null
NullSafeEQ: expression this
NullSafeNEQ: expression this
Nullif: expression this
Offset: expression
Or: expression this
Order: expressions this
Ordered: desc nulls_first this
Parameter: this
Paren: this
Pow: expression this
PropertyEQ: expression this
Qualify: this
Rank
RawString: this
RegexpExtract: expression group null_if_no_match null_if_pos_overflow this
RegexpLike: expression this
RegexpReplace: expression replacement this
Replace: expression replacement this
Round: decimals this
RowNumber
SafeDivide: expression this
Schema: expressions this
Select: distinct expressions from_ group having joins kind=STRUCT limit offset order qualify where with_
Split: expression this
Star: except_ replace
StartsWith: expression this
Stddev: this
StddevPop: this
StddevSamp: this
StrToDate: default_year format this
StrToTime: default_year format this
Struct: expressions
Sub: expression this
Subquery: alias this
Substring: length start this
Sum: this
Table: alias db this
TableAlias: columns this
TimeToStr: format this zone
Timestamp: this with_tz zone
TimestampAdd: expression this unit=DAY unit=HOUR unit=MICROSECOND unit=MINUTE unit=SECOND
TimestampDiff: expression this unit=DAY unit=HOUR unit=MICROSECOND unit=MILLISECOND unit=MINUTE unit=SECOND
TimestampSub: expression this unit=DAY unit=HOUR unit=MINUTE unit=SECOND
TimestampTrunc: this unit=DAY unit=HOUR unit=MINUTE unit=MONTH unit=SECOND zone
TryCast: safe this to
TsOrDsToDate: this
TsOrDsToTimestamp: this
Tuple: expressions
Union: distinct expression order this with_
UnixMicros: this
UnixMillis: this
UnixSeconds: this
UnixToTime: scale this
Unnest: alias explode_array expressions
Update: expressions this where
Upper: this
Values: expressions
Var: this
WeekStart: this=MONDAY this=SATURDAY
When: condition matched source then then=DELETE
Whens: expressions
Where: this
Window: order over=OVER partition_by spec this
WindowSpec: end end=CURRENT_ROW end=UNBOUNDED end_side=FOLLOWING kind=RANGE kind=ROWS start start=UNBOUNDED
WindowSpec: start_side=PRECEDING
With: expressions
"""
