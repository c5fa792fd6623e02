extension EndpointRules {
    /// Sources: OpenAI API reference, "Create chat completion".
    static let chatCompletions = EndpointRules(
        endpoint: .chatCompletions,
        required: "messages",
        requiredKinds: [.array],
        ignored: [
            "stream", "stream_options", "user", "metadata", "store", "service_tier", "safety_identifier",
            "prompt_cache_key", "prompt_cache_retention",
        ],
        defaults: [
            Default("temperature", "1"), Default("top_p", "1"), Default("n", "1"), Default("presence_penalty", "0"),
            Default("frequency_penalty", "0"), Default("logprobs", "false"), Default("parallel_tool_calls", "true"),
            Default("tool_choice", #""auto""#), Default("response_format", #"{"type":"text"}"#),
            Default("modalities", #"["text"]"#),
        ],
        absentWhenEmpty: [
            "tools", "functions", "stop", "logit_bias", "messages[].tool_calls", "messages[].annotations",
        ],
        absentWhenNull: ["$", "messages[]", "messages[].content[]"],
        texts: ["messages[].content", "messages[].content[].text"],
        textParts: ["text"],
        identifiers: ["messages[].tool_calls[].id", "messages[].tool_call_id"],
        identifiedTypes: [],
        exactOnly: ["n", "logprobs", "top_logprobs", "modalities", "audio"],
        lastUserText: .inLastMessage
    )

    /// Sources: OpenAI API reference, "Create completion".
    static let completions = EndpointRules(
        endpoint: .completions,
        required: "prompt",
        requiredKinds: [.string, .array],
        ignored: ["stream", "stream_options", "user"],
        defaults: [
            Default("temperature", "1"), Default("top_p", "1"), Default("n", "1"), Default("presence_penalty", "0"),
            Default("frequency_penalty", "0"), Default("echo", "false"),
        ],
        absentWhenEmpty: ["stop", "logit_bias"],
        absentWhenNull: ["$"],
        texts: [],
        textParts: [],
        identifiers: [],
        identifiedTypes: [],
        exactOnly: [],
        lastUserText: .nowhere(reason: "prompts of completions are compared exactly")
    )

    /// Sources: OpenAI API reference, "Create a model response".
    static let responses = EndpointRules(
        endpoint: .responses,
        required: "input",
        requiredKinds: [.string, .array],
        ignored: [
            "stream", "stream_options", "user", "metadata", "store", "service_tier", "safety_identifier",
            "prompt_cache_key", "prompt_cache_retention",
        ],
        defaults: [
            Default("temperature", "1"), Default("top_p", "1"), Default("parallel_tool_calls", "true"),
            Default("tool_choice", #""auto""#), Default("truncation", #""disabled""#),
            Default("background", "false"), Default("top_logprobs", "0"),
            Default("text", #"{"format":{"type":"text"}}"#),
        ],
        absentWhenEmpty: ["tools", "include", "input[].content[].annotations", "input[].content[].logprobs"],
        absentWhenNull: ["$", "input[]", "input[].content[]"],
        texts: ["instructions", "input", "input[].content", "input[].content[].text"],
        textParts: ["input_text", "output_text"],
        identifiers: ["input[].call_id", "input[].id"],
        identifiedTypes: [
            "function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output", "message",
        ],
        exactOnly: ["top_logprobs", "include"],
        lastUserText: .inLastMessage,
        stateful: ["background", "conversation"]
    )

    /// Sources: Anthropic API reference, "Create a message" and "Prompt caching".
    static let messages = EndpointRules(
        endpoint: .messages,
        required: "messages",
        requiredKinds: [.array],
        ignored: [
            "stream", "metadata", "service_tier", "cache_control", "system[].cache_control", "tools[].cache_control",
            "messages[].content[].cache_control", "messages[].content[].content[].cache_control",
        ],
        defaults: [Default("temperature", "1"), Default("tool_choice", #"{"type":"auto"}"#)],
        absentWhenEmpty: ["tools", "stop_sequences", "system"],
        absentWhenNull: [
            "$", "system[]", "messages[]", "messages[].content[]", "messages[].content[].content[]",
        ],
        texts: [
            "system", "system[].text", "messages[].content", "messages[].content[].text",
            "messages[].content[].content", "messages[].content[].content[].text",
        ],
        textParts: ["text"],
        identifiers: ["messages[].content[].id", "messages[].content[].tool_use_id"],
        identifiedTypes: [],
        exactOnly: [],
        lastUserText: .inLastMessage,
        stateful: ["container"]
    )

    /// Sources: OpenAI API reference, "Create embeddings".
    static let embeddings = EndpointRules(
        endpoint: .embeddings,
        required: "input",
        requiredKinds: [.string, .array],
        ignored: ["user"],
        defaults: [Default("encoding_format", #""float""#)],
        absentWhenEmpty: [],
        absentWhenNull: ["$"],
        texts: [],
        textParts: [],
        identifiers: [],
        identifiedTypes: [],
        exactOnly: [],
        lastUserText: .nowhere(reason: "inputs of embeddings are compared exactly")
    )

    /// Sources: Redis LangCache API reference, "search" and "set".
    static let prompts = EndpointRules(
        endpoint: .prompts,
        required: "prompt",
        requiredKinds: [.string],
        ignored: [],
        defaults: [],
        absentWhenEmpty: ["attributes"],
        absentWhenNull: ["$"],
        texts: ["prompt"],
        textParts: [],
        identifiers: [],
        identifiedTypes: [],
        exactOnly: [],
        lastUserText: .inLastMessage,
        ignoresCase: true,
        attributes: "attributes"
    )
}
