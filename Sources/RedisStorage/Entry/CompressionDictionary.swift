/// What requests and answers have in common, as a dictionary for zstd; the likeliest comes last.
///
/// Part of the entry's format: another dictionary needs another ``EntryStamp/format``, or older entries cannot be read.
enum CompressionDictionary {
    /// The dictionary in zstd's format.
    static let bytes = tables + text(english) + " ".utf8 + text(phrases) + " ".utf8 + requests.utf8 + answers.utf8

    /// The text in one line.
    private static func text(_ lines: String) -> [UInt8] { lines.utf8.map { $0 == 0x0A ? 0x20 : $0 } }

    /// Words and phrases that answers in English are made of.
    private static let english = #"""
        information available following different example specific important usually
        generally typically currently previously automatically immediately additional
        customer service support account password payment refund delivery subscription
        settings address number email phone website browser device application software
        version update install configuration database server network security access
        request response error message problem solution question answer function method
        variable parameter argument value string integer number list array object class
        type return import def const let var print(" result = self. for i in range( if
        else: while true false null none python javascript swift java sql select from
        where insert into table column index key data file directory command line option
        environment system process thread memory storage performance time date year month
        week day hour minute second morning evening today tomorrow people company business
        government country state city world history science health medical water energy
        language translate summary paragraph sentence document article report section
        chapter page text image video model training learning language model knowledge
        because although however therefore meanwhile otherwise instead of rather than such as
        as well as in addition to in order to due to based on according to depending on
        related to similar to known as used to be able to need to have to want to try to
        make sure that keep in mind that it is important to note that there are several
        there is a number of one of the most some of the many of the all of the each of
        the first the second the third the last the next the same the other another
        which is a which are that is that are this is these are they are we are you are
        it was there was he was she was they were would be should be could be can be will
        be may be might be must be has been have been had been is not are not does not do
        not did not cannot don't doesn't isn't it's you're I'm I'll that's there's let's
        what is the what are the how do I how to how can I how much how many when is where
        is who is why does can you could you please help me tell me about give me write a
        explain the difference between What's the best way to Yes, you can No, you cannot
        I'm sorry, but I can't I'm sorry to hear that Thank you for reaching out. I'd be
        happy to help! If you have any other questions, feel free to ask. Let me know if
        you need any further assistance or have any questions! Here are some steps you can
        take:\n\n1. ** Here's a step-by-step guide to Here is an example of how you can do
        this:\n\n```python\nimport ```\n\n### Step 1: \n\n## Summary\n\n- **\n- **:\n\n**Note:**
         For example, In summary, To do this, follow these steps:\n\n1. Go to the 2. Click
        on the 3. Select the 4. Enter your \n5. \n6. **\n   - \n\nOverall, This means that
         with the of the in the to the and the for the on the that the from the by the at
         the is the as a with a in a of a to a for a is a and a you can use you may want
         to you should also more than less than up to at least between and within after
         before during through into over under about against without including using
        """#

    /// Requests of the five endpoints.
    private static let requests = #"""
        {"model": "text-embedding-3-small", "input": "", "encoding_format": "float", "dimensions": 1536}
        {"model":"gpt-3.5-turbo-instruct","prompt":"","max_tokens":256,"temperature":0,"stop":["\n"]}
        {"model":"gpt-4.1","instructions":"","input":[{"role":"user","content":[{"type":"input_text","text":""}]}],"max_output_tokens":1024,"reasoning":{"effort":"medium"},"text":{"format":{"type":"text"}},"parallel_tool_calls":true,"store":false}
        {"model":"claude-sonnet-4-20250514","max_tokens":1024,"system":"You are a helpful assistant.","messages":[{"role":"user","content":[{"type":"text","text":"","cache_control":{"type":"ephemeral"}}]}],"metadata":{"user_id":""}}
        {"model": "gpt-4o", "messages": [{"role": "system", "content": "You are a helpful assistant for our customers. Answer briefly and politely. Use the following context to answer the question."}, {"role": "user", "content": "How do I "}], "temperature": 0.3, "max_tokens": 512, "top_p": 1, "stream": false, "user": "", "frequency_penalty": 0, "presence_penalty": 0, "seed": 1, "response_format": {"type": "json_object"}}
        {"model":"gpt-4o-mini","messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":""},{"role":"assistant","content":null,"tool_calls":[{"id":"call_","type":"function","function":{"name":"get_","arguments":"{\""}}]},{"role":"tool","tool_call_id":"call_","content":""}],"temperature":0,"max_tokens":1000,"tools":[{"type":"function","function":{"name":"","description":"","parameters":{"type":"object","properties":{"query":{"type":"string","description":"The "}},"required":[""],"additionalProperties":false},"strict":true}}],"tool_choice":"auto","stream":true,"stream_options":{"include_usage":true}}
        """#

    /// Answers of the five endpoints.
    private static let answers = #"""
        {"object":"list","data":[{"object":"embedding","index":0,"embedding":[-0.0
        {"id":"cmpl-","object":"text_completion","created":17,"model":"gpt-3.5-turbo-instruct","choices":[{"text":"","index":0,"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":
        {"id":"resp_","object":"response","created_at":17,"status":"completed","error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":null,"model":"gpt-4.1-2025-04-14","output":[{"id":"msg_","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","annotations":[],"logprobs":[],"text":""}]}],"parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"store":true,"temperature":1.0,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1.0,"truncation":"disabled","usage":{"input_tokens":,"input_tokens_details":{"cached_tokens":0},"output_tokens":,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":},"user":null,"metadata":{}}
        {"id":"msg_01","type":"message","role":"assistant","model":"claude-sonnet-4-20250514","content":[{"type":"text","text":""}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":,"service_tier":"standard"}}
        {"id": "chatcmpl-", "object": "chat.completion", "created": 17, "model": "gpt-4o-2024-08-06", "choices": [{"index": 0, "message": {"role": "assistant", "content": "", "refusal": null, "annotations": []}, "logprobs": null, "finish_reason": "stop"}], "usage": {"prompt_tokens": , "completion_tokens": , "total_tokens": , "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0}, "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0}}, "service_tier": "default", "system_fingerprint": "fp_"}
        {"id":"chatcmpl-","object":"chat.completion","created":17,"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_","type":"function","function":{"name":"get_","arguments":"{\""}}],"refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":,"completion_tokens":,"total_tokens":,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}},"service_tier":"default","system_fingerprint":"fp_"}
        {"id":"chatcmpl-","object":"chat.completion","created":17,"model":"gpt-4o-2024-08-06","choices":[{"index":0,"message":{"role":"assistant","content":"
        """#
}
