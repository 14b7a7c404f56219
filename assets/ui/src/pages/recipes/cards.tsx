// Recipes as cards.

import { Badge, Button, Card, Group, SimpleGrid, Text, Title } from "@mantine/core";

import type { RecipeItem } from "~/api/schema";
import { useSession } from "~/app/session";
import { useWords } from "~/i18n";
import { AnchorLink } from "~/parts/links";
import { By } from "~/parts/who";

interface Props {
  recipes: RecipeItem[];
  /** Shows what has this tag. */
  pick: (tag: string) => void;
}

export function Cards({ recipes, pick }: Props) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 3, xl: 4 }} component="ul" p={0} m={0} style={{ listStyle: "none" }}>
      {recipes.map((recipe) => (
        <RecipeCard key={recipe.id} recipe={recipe} pick={pick} />
      ))}
    </SimpleGrid>
  );
}

function RecipeCard({ recipe, pick }: { recipe: RecipeItem; pick: Props["pick"] }) {
  const { say } = useWords();
  return (
    <Card withBorder component="li" miw={0}>
      <Title order={2} size="h5" style={{ overflowWrap: "anywhere" }}>
        <AnchorLink to="/recipes/$id" params={{ id: recipe.id }} inherit lineClamp={3} lang={recipe.built_in ? "en" : undefined}>
          {recipe.title}
        </AnchorLink>
      </Title>
      <Marks recipe={recipe} />
      <div style={{ flexGrow: 1 }}>
        <Text size="sm" lineClamp={4} lang={recipe.built_in ? "en" : undefined} style={{ overflowWrap: "anywhere" }}>
          {recipe.summary}
        </Text>
      </div>
      {/* The words of the tags stand below those of the card. */}
      <Group gap={0} mt="xs" mx={-7}>
        {recipe.tags.map((tag) => (
          <Button
            key={tag} variant="subtle" color="gray" size="compact-xs" h={24} maw="100%" c="dimmed" aria-label={say("recipes.only_tag", { tag })}
            onClick={() => pick(tag)}
          >
            #{tag}
          </Button>
        ))}
      </Group>
    </Card>
  );
}

/** What kind of recipe it is. */
export function Marks({ recipe }: { recipe: RecipeItem }) {
  const { say } = useWords();
  const { me } = useSession();
  const mine = recipe.owner === me.id;
  return (
    <Group gap={6} my={6}>
      <Badge variant="light">
        {say(`recipes.category.${recipe.category}`)}
      </Badge>
      <Badge variant={recipe.built_in ? "default" : "light"} color={recipe.built_in ? undefined : "teal"}>
        {say(recipe.built_in ? "recipes.built_in" : mine ? "recipes.mine" : "recipes.own")}
      </Badge>
      {recipe.requires && (
        <Badge variant="light" color="orange">
          {say(`recipes.needs_${recipe.requires}`)}
        </Badge>
      )}
      {recipe.owner && !mine && <Text size="xs" c="dimmed"><By id={recipe.owner} /></Text>}
    </Group>
  );
}
