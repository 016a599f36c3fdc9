/* SPDX-License-Identifier: MIT */
#include "bench/engine/page_policy.h"

#include "bench/engine/contender.h"
#include "bench/engine/engine.h"
#include "system/node_memory.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Indexed by kind. */
static const char *const page_policy_words[] = {NULL, "first-touch", "local",
						"interleave", NULL};

bool page_policy_take(const char *text, void *field)
{
	struct page_policy *policy = field;
	char *end;

	for (int kind = PAGES_FIRST_TOUCH; kind <= PAGES_INTERLEAVE; kind++)
		if (strcmp(text, page_policy_words[kind]) == 0) {
			*policy = (struct page_policy){.kind = kind};
			return true;
		}
	if (!isdigit((unsigned char)*text) || strlen(text) > 4)
		return false;
	*policy =
		(struct page_policy){.kind = PAGES_ON_NODE,
				     .node = (unsigned)strtoul(text, &end, 10)};
	return *end == '\0';
}

const char *page_policy_name(const struct page_policy *policy,
			     char text[PAGE_POLICY_TEXT])
{
	if (policy->kind != PAGES_ON_NODE)
		return page_policy_words[policy->kind];
	snprintf(text, PAGE_POLICY_TEXT, "%u", policy->node);
	return text;
}

int page_policy_check(const struct engine *engine, struct error *error)
{
	const struct page_policy *policy = &engine->pages;
	unsigned count = node_memory_count(engine->topology);

	if (policy->kind == PAGES_FIRST_TOUCH && engine->pin == PIN_NONE)
		return error_set(error, ERROR_USAGE,
				 "--memory first-touch: workers that are not "
				 "bound touch data anywhere: leave out --pin "
				 "none");
	if (policy->kind != PAGES_ON_NODE)
		return 0;
	if (policy->node >= count)
		return error_set(error, ERROR_USAGE,
				 "--memory %u: this machine has %u NUMA "
				 "node%s, numbered from 0",
				 policy->node, count, count == 1 ? "" : "s");
	if (!node_memory_has_any(engine->topology, policy->node))
		return error_set(error, ERROR_USAGE,
				 "--memory %u: this NUMA node has no memory "
				 "that we may use",
				 policy->node);
	return 0;
}

static json_t *page_policy_cpu_node(const struct engine *engine,
				    const struct contender *contender,
				    unsigned worker)
{
	int node = node_memory_of_cpu(
		engine->topology, engine_choose_cpu(engine, contender, worker));

	return json_integer(node < 0 ? 0 : node);
}

/* Whose shares data is placed by. */
static const struct contender *page_policy_owner(
	const struct engine *engine, const struct contender *contender)
{
	const struct contender *most = contender;

	for (size_t m = 0;
	     engine->memory != MEMORY_PRIVATE && m < engine->ncontenders; m++)
		if (engine->contenders[m].workers > most->workers)
			most = &engine->contenders[m];
	return most;
}

json_t *page_policy_nodes(const struct engine *engine,
			  const struct contender *contender)
{
	const struct contender *owner = page_policy_owner(engine, contender);
	json_t *nodes;

	switch (engine->pages.kind) {
	case PAGES_FIRST_TOUCH:
		nodes = json_array();
		for (unsigned w = 0; w < owner->workers; w++)
			json_array_append_new(
				nodes, page_policy_cpu_node(engine, owner, w));
		return nodes;
	case PAGES_LOCAL:
		return json_pack("[o]",
				 page_policy_cpu_node(engine, contender, 0));
	case PAGES_INTERLEAVE:
		return json_pack("[i]", NODE_MEMORY_ALL);
	case PAGES_ON_NODE:
		return json_pack("[i]", (int)engine->pages.node);
	case PAGES_ANYWHERE:
		break;
	}
	return json_null();
}

void page_policy_learn(struct engine *engine, const json_t *prepared)
{
	const char *refused =
		json_string_value(json_object_get(prepared, "unplaced"));
	char text[ERROR_TEXT_MAX];

	json_decref(engine->found_nodes);
	engine->found_nodes = json_incref(json_object_get(prepared, "nodes"));
	if (!refused || engine->unplaced_told)
		return;
	engine->unplaced_told = true;
	snprintf(text, sizeof(text),
		 "--memory: the system does not place pages (%s): data lies "
		 "where it is filled",
		 refused);
	engine->notice(text);
}
