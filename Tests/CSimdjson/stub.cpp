int csimdjson_stub;
