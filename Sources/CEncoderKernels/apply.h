// encoder_apply over `tile` of the including file, in float32. The weights are read once, panel by panel; a panel stays
// in the cache while all rows pass it.
static void apply(
    const encoder_dense *layer, const float *x, size_t rows, encoder_activation activation, float *y, void *scratch) {
    for (size_t first = 0; first < layer->outputs; first += PANEL) {
        size_t columns = layer->outputs - first < PANEL ? layer->outputs - first : PANEL;
        const float *panel = (const float *)layer->weights + first * layer->inputs;
        lanes bias[VECTORS];
        panel_bias(layer->bias + first, columns, bias);
        for (size_t row = 0, count; row < rows; row += count) {
            count = tile_rows(rows - row);
            tile(
                count, x + row * layer->inputs, layer->inputs, panel, layer->inputs, bias, activation,
                y + row * layer->outputs + first, layer->outputs, columns);
        }
    }
}

#define FUNCTIONS                                                                                                     \
    {PANEL, packed_bytes, pack, apply_scratch, apply, attend_scratch, attend, add_norm}
