# Databricks notebook source
# Keeps the table order_current up to date from the hub, a row per order with its newest state, within seconds of an event. The hub speaks Kafka, so no library
# has to be installed. Replace the names in <brackets>. The tables of this lake do not need it: it is for those who cannot wait for them.

# COMMAND ----------

from delta.tables import DeltaTable
from pyspark.sql import Window
from pyspark.sql import functions as F

NAMESPACE = "<event hubs namespace>.servicebus.windows.net"
TABLE = "<catalog>.<schema>.order_current"
CHECKPOINT = "abfss://<container>@<account>.dfs.core.windows.net/checkpoints/order_current"

# The identity of the cluster's service credential needs the role Azure Event Hubs Data Receiver on the hub, and the hub a consumer group for it.
events = (
    spark.readStream.format("kafka")
    .option("kafka.bootstrap.servers", f"{NAMESPACE}:9093")
    .option("subscribe", "order-events")
    .option("databricks.serviceCredential", "<service credential>")
    .option("startingOffsets", "earliest")
    .option("failOnDataLoss", "false")
    .load()
)

# COMMAND ----------

# Every event carries the whole order. Personal fields are encrypted, and left out here. Amounts are in minor units: 2999 is 29.99 USD.
EVENT = """
  aggregateType STRING, version INT, timestamp TIMESTAMP,
  order STRUCT<
    orderId: STRING, customerId: STRING, status: STRING, currency: STRING, total: DECIMAL(19, 0), placedAt: TIMESTAMP,
    items: ARRAY<STRUCT<line: INT, productId: STRING, productName: STRING, quantity: INT, price: DECIMAL(19, 0)>>
  >
"""
orders = (
    events.select(F.from_json(F.col("value").cast("string"), EVENT).alias("event"))
    .where("event.aggregateType = 'Order' AND event.order.placedAt IS NOT NULL")
    .select("event.order.*", "event.version", F.col("event.timestamp").alias("updatedAt"))
    # Events from before orders had a currency are in USD.
    .withColumn("currency", F.coalesce("currency", F.lit("USD")))
)

# COMMAND ----------

if not spark.catalog.tableExists(TABLE):
    spark.createDataFrame([], orders.schema).write.format("delta").saveAsTable(TABLE)


def keep_newest(batch, _batch_id):
    """Merges a batch. Events may come twice and in any order: the highest version of an order wins, so a batch can be repeated."""
    newest = Window.partitionBy("orderId").orderBy(F.col("version").desc())
    changed = batch.withColumn("age", F.row_number().over(newest)).where("age = 1").drop("age")
    (
        DeltaTable.forName(batch.sparkSession, TABLE)
        .alias("table")
        .merge(changed.alias("changed"), "table.orderId = changed.orderId")
        .whenMatchedUpdateAll("changed.version > table.version")
        .whenNotMatchedInsertAll()
        .execute()
    )


# COMMAND ----------

(
    orders.writeStream.foreachBatch(keep_newest)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(processingTime="10 seconds")
    .start()
)
