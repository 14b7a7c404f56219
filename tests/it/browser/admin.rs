//! The admin UI, as people meet it.

use serde_json::json;

use super::{
    place::{Place, front},
    player::play,
    stored,
};

#[test]
fn from_signing_in_to_a_result_in_one_press() {
    for (place, way) in Place::each() {
        play("ui/tour", &place, &json!({"way": way}));
    }
}

#[test]
fn a_service_of_ones_own_is_tested_after_three_questions() {
    play("ui/wizard", &Place::new(), &json!({}));
}

#[test]
fn a_test_is_written_as_a_form_and_as_code() {
    play("ui/editor", &Place::new(), &json!({}));
}

#[test]
fn what_was_written_is_tried_started_queued_and_kept() {
    play("ui/starting", &Place::new(), &json!({}));
}

#[test]
fn what_a_browser_does_not_keep_is_told_and_not_lost() {
    play("ui/memory", &Place::new(), &json!({}));
}

#[test]
fn recipes_are_found_run_and_passed_on() {
    let place = Place::new();
    let recipe = place.recipe();
    play("ui/recipes", &place, &json!({"recipe": recipe}));
}

#[test]
fn a_recipe_is_changed_by_two_and_nothing_is_lost() {
    let place = Place::new();
    let recipe = place.recipe();
    play("ui/recipe-changes", &place, &json!({"recipe": recipe}));
}

#[test]
fn a_sentence_becomes_a_test() {
    play("ui/generator", &Place::new(), &json!({}));
}

#[test]
fn prompts_are_written_filled_in_and_shared() {
    for (place, way) in Place::each() {
        play("ui/prompts", &place, &json!({"way": way}));
    }
}

#[test]
fn links_and_presets_are_made_and_taken_back() {
    play("ui/links", &Place::new(), &json!({}));
}

#[test]
fn what_was_run_is_found_again_and_looked_at_together() {
    let place = Place::new();
    let run = place.ran(&json!({"loadtest": front(&place.shop, "1s")}));
    play("ui/find", &place, &json!({"run": run}));
}

#[test]
fn settings_are_found_changed_and_taken_back() {
    play("ui/settings", &Place::new(), &json!({}));
}

#[test]
fn the_engine_is_drained_and_started_again() {
    play("ui/engine", &Place::new(), &json!({}));
}

#[test]
fn people_are_let_in_and_kept_out() {
    for (place, way) in Place::each() {
        play("ui/people", &place, &json!({"way": way}));
    }
}

#[test]
fn a_crowd_of_people_is_known_to_the_last() {
    let place = Place::new();
    stored::crowd(&place, 250);
    play("ui/crowd", &place, &json!({"count": 250}));
}

#[test]
fn keys_are_made_shown_once_and_revoked() {
    play("ui/keys", &Place::new(), &json!({}));
}

#[test]
fn what_people_did_is_read_and_proven() {
    play("ui/audit", &Place::new(), &json!({}));
}

#[test]
fn results_are_compared_explained_and_taken_along() {
    for (place, way) in Place::each() {
        let ran = |name: &str| {
            let mut test = front(&place.shop, "2s");
            test["name"] = json!(name);
            place.ran(&json!({"loadtest": test}))
        };
        ran("Before");
        ran("After");
        play("ui/results", &place, &json!({"ill": stored::failing(&place), "way": way}));
    }
}

#[test]
fn a_run_is_watched_through_whatever_happens_to_the_network() {
    let place = Place::new();
    let loadtest = front(&place.shop, "5m");
    play("ui/live", &place, &json!({"loadtest": loadtest}));
}

#[test]
fn the_first_load_is_small_and_stands_still() {
    play("ui/first", &Place::new(), &json!({"rounds": 2}));
}

#[test]
fn an_hour_of_a_run_takes_no_more_memory_than_a_part_of_it() {
    let place = Place::new();
    let run = place.ran(&json!({"loadtest": front(&place.shop, "1s")}));
    play("ui/hour", &place, &json!({"run": run, "bars": false}));
}

#[test]
fn ten_thousand_runs_are_scrolled_through() {
    let place = Place::new();
    stored::many(&place, 10_000);
    play("ui/many", &place, &json!({"count": 10_000}));
}

/// What every page looks like with something on it.
fn looked_at(way: &str, scheme: &str, narrow: bool) {
    let place = Place::new();
    let quickstart =
        json!({"recipe_id": "quickstart", "parameters": {"host": place.shop.url(), "run_time": "5s"}});
    let run = place.ran(&quickstart);
    place.link(
        &json!({"loadtest": front(&place.shop, "10s"), "title": "Ten seconds of the shop", "max_uses": 5}),
    );
    let world =
        json!({"run": run, "ill": stored::failing(&place), "way": way, "scheme": scheme, "narrow": narrow});
    play("ui/screens", &place, &world);
}

#[test]
fn every_page_is_looked_at_wide_and_light() {
    looked_at("wide-light", "light", false);
}

#[test]
fn every_page_is_looked_at_wide_and_dark() {
    looked_at("wide-dark", "dark", false);
}

#[test]
fn every_page_is_looked_at_narrow_and_light() {
    looked_at("narrow-light", "light", true);
}

#[test]
fn every_page_is_looked_at_narrow_and_dark() {
    looked_at("narrow-dark", "dark", true);
}

#[test]
fn nobody_is_offered_what_would_be_refused() {
    for (place, way) in Place::each() {
        let run = place.ran(&json!({"loadtest": front(&place.shop, "1s")}));
        play("ui/roles", &place, &json!({"run": run, "way": way}));
    }
}

/// A name may be anything that a LoadTest takes.
#[test]
fn what_goes_wrong_is_said_and_the_page_goes_on() {
    let place = Place::new();
    let name = format!("{:A<200}", "<img src=x onerror=\"window.hurt=1\"><b>bold</b> ");
    let mut test = front(&place.shop, "1s");
    test["name"] = json!(name);
    let run = place.ran(&json!({"loadtest": test}));
    let mut long = front(&place.shop, "5m");
    long["name"] = json!(name);
    play("ui/faults", &place, &json!({"name": name, "run": run, "long": long}));
}
