"""What users of OpenAI's own client do, done to a MAID server: `client.py URL KEY`. Prints the names of what held."""

import json
import sys
import time

import openai
from pydantic import BaseModel

url, key = sys.argv[1:]
client = openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0, timeout=120)
MODEL = "default"
TOOL = {
    "type": "function",
    "function": {
        "name": "stop_run",
        "description": "Stops a run.",
        "parameters": {
            "type": "object",
            "properties": {"id": {"type": "integer", "minimum": 0, "maximum": 99}},
            "required": ["id"],
        },
    },
}


def ask(text, **more):
    more.setdefault("max_tokens", 24)
    return client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": text}], **more)


def models():
    names = [model.id for model in client.models.list()]
    assert "smollm2-135m-instruct" in names, names
    assert client.models.retrieve(names[0]).id == names[0]


def whole():
    answer = ask("What is the capital of France? Answer in one word.", temperature=0)
    assert "Paris" in answer.choices[0].message.content, answer
    assert answer.choices[0].finish_reason in ("stop", "length")
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer.usage.completion_tokens > 0 and answer.usage.latency_ms > 0 and answer.usage.cost == 0
    assert answer.engine["route"] == "local", answer


def streamed():
    begun, first, text, usage, finish = time.monotonic(), None, "", None, None
    chunks = ask("Count from one to ten.", temperature=0, max_tokens=30, stream=True, stream_options={"include_usage": True})
    for chunk in chunks:
        if chunk.usage:
            usage = chunk.usage
            continue
        delta = chunk.choices[0]
        if delta.delta.content:
            first = first or time.monotonic() - begun
            text += delta.delta.content
        finish = delta.finish_reason or finish
    assert len(text) > 10 and finish in ("stop", "length"), (text, finish)
    assert usage.completion_tokens > 3, usage
    print(f"first token after {first:.3f} s")


def same_words_streamed_and_whole():
    text = "".join(c.choices[0].delta.content or "" for c in ask("Name a fruit.", temperature=0, stream=True))
    assert text == ask("Name a fruit.", temperature=0).choices[0].message.content


def seed():
    def once(seed):
        return ask("Invent a name for a cat.", temperature=1, seed=seed).choices[0].message.content

    assert once(7) == once(7)
    assert len({once(seed) for seed in (7, 8, 9)}) > 1


def stop():
    answer = ask("Write the numbers: 1, 2, 3, 4, 5, 6, 7, 8", temperature=0, max_tokens=40, stop=["5"])
    assert "5" not in answer.choices[0].message.content and answer.choices[0].finish_reason == "stop", answer


def length():
    answer = ask("Tell a long story.", max_tokens=5)
    assert answer.choices[0].finish_reason == "length" and answer.usage.completion_tokens == 5, answer
    answer = ask("Tell a long story.", max_tokens=openai.NOT_GIVEN, max_completion_tokens=6)
    assert answer.usage.completion_tokens == 6, answer


def json_object():
    answer = ask("Write a JSON object with a field name.", response_format={"type": "json_object"}, max_tokens=200)
    choice = answer.choices[0]
    assert choice.message.content.startswith("{"), answer
    assert choice.finish_reason == "length" or isinstance(json.loads(choice.message.content), dict), answer


def json_schema():
    class Load(BaseModel):
        users: int
        kind: str

    schema = {
        "type": "object",
        "properties": {"users": {"enum": [10, 250]}, "kind": {"enum": ["smoke", "stress"]}},
        "required": ["users", "kind"],
        "additionalProperties": False,
    }
    form = {"type": "json_schema", "json_schema": {"name": "load", "schema": schema, "strict": True}}
    answer = ask("A stress test with 250 users.", response_format=form, max_tokens=60)
    load = Load.model_validate_json(answer.choices[0].message.content)
    assert load.users in (10, 250) and load.kind in ("smoke", "stress"), answer


def tools():
    answer = ask("Stop run 7.", tools=[TOOL], tool_choice="required", max_tokens=60)
    call = answer.choices[0].message.tool_calls[0]
    assert call.function.name == "stop_run" and call.id and answer.choices[0].finish_reason == "tool_calls", answer
    assert 0 <= json.loads(call.function.arguments)["id"] <= 99, answer
    assert answer.choices[0].message.content is None
    named = {"type": "function", "function": {"name": "stop_run"}}
    calls = [c.choices[0].delta.tool_calls for c in ask("Stop it.", tools=[TOOL], tool_choice=named, max_tokens=60, stream=True)]
    (streamed,) = [call for call in calls if call]
    assert "id" in json.loads(streamed[0].function.arguments)
    told = client.chat.completions.create(
        model=MODEL,
        max_tokens=10,
        tools=[TOOL],
        tool_choice="none",
        messages=[
            {"role": "user", "content": "Stop run 7."},
            {"role": "assistant", "tool_calls": [call.model_dump()]},
            {"role": "tool", "tool_call_id": call.id, "content": "It has stopped."},
        ],
    )
    assert told.choices[0].message.content, told


def completions():
    answer = client.completions.create(model=MODEL, prompt="Monday, Tuesday, Wednesday,", max_tokens=6, temperature=0)
    assert "Thursday" in answer.choices[0].text, answer
    chunks = client.completions.create(model=MODEL, prompt=["One, two,"], max_tokens=6, temperature=0, stream=True)
    assert "".join(chunk.choices[0].text for chunk in chunks)


def embeddings():
    texts = ["buy a book", "purchase a novel", "the database is slow"]
    # The client asks for base64 by itself.
    vectors = [entry.embedding for entry in client.embeddings.create(model=MODEL, input=texts).data]
    floats = client.embeddings.create(model=MODEL, input=texts[0], encoding_format="float").data[0].embedding
    assert len(floats) == 384 and max(abs(a - b) for a, b in zip(floats, vectors[0])) < 1e-4

    def likeness(a, b):
        return sum(x * y for x, y in zip(a, b))

    assert likeness(vectors[0], vectors[1]) > 2 * likeness(vectors[0], vectors[2])


def refused(kind, code, **asked):
    try:
        ask("Hello", **asked)
    except kind as error:
        assert error.body["code"] == code, error.body
        return
    raise AssertionError(f"not refused: {asked}")


def wrong():
    refused(openai.UnprocessableEntityError, "invalid_body", temperature=3)
    refused(openai.UnprocessableEntityError, "invalid_body", n=2)
    refused(openai.UnprocessableEntityError, "invalid_body", logprobs=True)
    refused(openai.UnprocessableEntityError, "invalid_body", stop=["a"] * 5)
    refused(openai.UnprocessableEntityError, "invalid_body", tools=[TOOL, TOOL])
    refused(openai.UnprocessableEntityError, "invalid_body", extra_body={"no_such_field": 1})
    far = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"$ref": "http://127.0.0.1/schema"}}}
    refused(openai.UnprocessableEntityError, "invalid_body", response_format=far)
    try:
        client.chat.completions.create(model="gpt-5", messages=[{"role": "user", "content": "Hello"}])
    except openai.NotFoundError as error:
        assert "gpt-5" in error.body["detail"], error.body
    else:
        raise AssertionError("there is no such model")
    try:
        openai.OpenAI(base_url=f"{url}/v1", api_key="mk_no_such_key", max_retries=0).models.list()
    except openai.AuthenticationError:
        pass
    else:
        raise AssertionError("nobody knows this key")


def left():
    stream = ask("Tell a long story about a dragon.", max_tokens=400, stream=True)
    next(iter(stream))
    stream.close()
    begun = time.monotonic()
    first = next(chunk for chunk in ask("Say hello.", stream=True, max_tokens=5) if chunk.choices[0].delta.content)
    print(f"the next caller waits {time.monotonic() - begun:.3f} s")
    assert first


for held in (models, whole, streamed, same_words_streamed_and_whole, seed, stop, length, json_object, json_schema,
             tools, completions, embeddings, wrong, left):
    held()
    print(held.__name__)
